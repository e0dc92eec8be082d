"""The shell of a page: one for all its commands, and never longer than its deadline."""

import os
import subprocess
import time

import pytest

from .shell import Shell, ShellLost


@pytest.fixture
def shell(tmp_path):
    with Shell(tmp_path, {"PATH": os.environ["PATH"]}) as started:
        yield started


def run(shell, command, seconds=30):
    return shell.run(command, time.monotonic() + seconds)


def test_output_of_both_streams_and_the_exit_code(shell):
    ran = run(shell, "echo out; echo err >&2; (exit 3)")
    assert (ran.output, ran.code) == ("out\nerr\n", 3)


def test_output_without_a_newline_at_its_end(shell):
    assert run(shell, "printf no-newline").output == "no-newline"


def test_folder_and_variables_last(shell, tmp_path):
    run(shell, "mkdir -p 'a b' && cd 'a b' && ship=Ada")
    ran = run(shell, 'echo "$ship"')
    assert ran.output == "Ada\n"
    assert ran.folder == shell.folder == tmp_path / "a b"


def test_a_continued_command(shell):
    assert run(shell, "echo one \\\n  two").output == "one two\n"


def test_a_command_that_reads_gets_nothing_and_leaves_the_next_one_alone(shell):
    assert run(shell, "cat").output == ""
    assert run(shell, "echo still here").output == "still here\n"


def test_a_syntax_error_ends_the_command_and_not_the_shell(shell):
    assert run(shell, "if then").code != 0
    assert run(shell, "echo still here").output == "still here\n"


def state(pid):
    """The process's state as ps has it: nothing when it is gone, Z when nobody has asked for its end yet."""
    return subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout.strip()


def ends(pid):
    """Whether the process ends; a kill takes effect a moment after it was sent."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if state(pid)[:1] in {"", "Z"}:
            return True
    return False


def test_the_deadline_kills_the_command_and_its_children(shell, tmp_path):
    with pytest.raises(ShellLost, match="ran out of time") as caught:
        run(shell, "echo begun; sleep 600 & echo $! > pid; wait", seconds=1)
    assert caught.value.output == "begun\n"
    assert ends((tmp_path / "pid").read_text().strip())


def test_a_lost_shell_says_so(shell):
    with pytest.raises(ShellLost, match="ended the shell"):
        run(shell, "echo bye; exit 4")
    with pytest.raises(ShellLost, match="found the shell gone"):
        run(shell, "echo more")


def test_endless_output_is_cut(shell):
    with pytest.raises(ShellLost, match="printed more than"):
        run(shell, "yes")


def test_closing_ends_what_was_left_in_the_background(tmp_path):
    with Shell(tmp_path, {"PATH": os.environ["PATH"]}) as started:
        pid = run(started, "sleep 600 & echo $!").output.strip()
        assert state(pid)
    assert ends(pid)
