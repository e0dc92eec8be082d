"""What no other kind of check looks at: whether the requirements are a full lock."""

import re

from grader.checks.python import Failed

TOOLS = {"pip", "setuptools", "wheel"}
PIN = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;#\\]+)", re.MULTILINE)


def locked(subject, random):
    asked = "docker compose exec web pip freeze"
    done = subject.execute(("python", "-m", "pip", "list", "--format=freeze"), timeout=30, service="web")
    if done.exit_code != 0:
        raise Failed(asked=asked, expected="a list of packages", got=done.stderr or done.stdout)
    wanted = {_name(name): version for name, version in PIN.findall(_requirements(subject.files))}
    there = {_name(name): version for name, version in PIN.findall(done.stdout) if _name(name) not in TOOLS}
    loose = [f"{name}=={version}" for name, version in sorted(there.items()) if wanted.get(name) != version]
    if loose:
        facts = {"fault": "not-in-the-lock", "packages": ", ".join(loose)}
        raise Failed(
            asked=asked,
            expected="every one of them pinned in requirements.txt",
            got="not pinned, or in another version: " + ", ".join(loose),
            facts=facts,
        )


def _requirements(files):
    """All text files with requirements in one: a lock may be a file of its own."""
    return "\n".join(files[name].decode("utf-8", "replace") for name in sorted(files) if name.endswith(".txt"))


def _name(name):
    return re.sub(r"[-_.]+", "-", name).lower()
