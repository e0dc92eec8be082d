"""Base images: local, else pulled, else built; and that the stand-ins behave like what they stand in for."""

from types import SimpleNamespace

import pytest
import requests

from grader import host, images, standin
from grader.deadline import Deadline
from grader.engine import bases, connect, image
from grader.errors import BaseImageFault, EngineFault, SpecError
from grader.images import Way

PYTHON = "python:3.13-slim"
DEBIAN = "debian:trixie-slim"
PEM = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


class Registry:
    """Stands in for the engine: which images are there, which can be pulled, and a record of what was asked."""

    def __init__(self, monkeypatch, *, local=(), pulls=(), refusal=None, builds=True):
        self.there, self.asked = dict.fromkeys(local, False), []
        self.pulls, self.refusal, self.builds = pulls, refusal, builds
        monkeypatch.setattr(image, "inspect", lambda _, reference: {} if reference in self.there else None)
        monkeypatch.setattr(image, "stand_ins", lambda _, names: tuple(n for n in names if self.there[n]))
        monkeypatch.setattr(bases, "pull", self.pull)
        monkeypatch.setattr("grader.standin.build", self.build)

    def pull(self, _, reference):
        self.asked.append(("pull", reference))
        if reference not in self.pulls:
            raise self.refusal or bases.RegistryFault("no such host")
        self.there[reference] = False

    def build(self, engine, base, progress):
        self.asked.append(("build", base.reference))
        if not self.builds:
            raise BaseImageFault("no mirror")
        self.there[base.reference] = True

    def ensure(self, *references):
        return images.ensure(references, None, lambda message: None)


def test_what_is_here_is_left_alone(monkeypatch):
    registry = Registry(monkeypatch, local=[DEBIAN, PYTHON])
    assert [each.way for each in registry.ensure(DEBIAN, PYTHON)] == [Way.LOCAL, Way.LOCAL]
    assert registry.asked == []


def test_what_can_be_pulled_is_not_built(monkeypatch):
    registry = Registry(monkeypatch, pulls=[PYTHON])
    (python,) = registry.ensure(PYTHON)
    assert (python.way, python.stand_in) == (Way.PULLED, False)


def test_a_silent_registry_is_asked_once(monkeypatch):
    registry = Registry(monkeypatch)
    (python,) = registry.ensure(PYTHON)
    assert registry.asked == [("pull", PYTHON), ("build", DEBIAN), ("build", PYTHON)]
    assert (python.way, python.stand_in, python.reason) == (Way.BUILT, True, "no such host")


def test_one_missing_image_does_not_silence_the_registry(monkeypatch):
    registry = Registry(monkeypatch, pulls=[DEBIAN], refusal=BaseImageFault("not found"))
    registry.ensure(PYTHON)
    assert registry.asked == [("pull", PYTHON), ("pull", DEBIAN), ("build", PYTHON)]


def test_the_reason_of_both_failures_is_told(monkeypatch):
    with pytest.raises(BaseImageFault, match="no mirror; it could not be pulled either: no such host"):
        Registry(monkeypatch, builds=False).ensure(DEBIAN)


def test_an_image_without_a_stand_in_is_named(monkeypatch):
    with pytest.raises(BaseImageFault, match="haskell:9 is not here, cannot be pulled"):
        Registry(monkeypatch).ensure("haskell:9")


def test_every_stand_in_of_the_catalogue_can_be_built():
    for base in images.catalogue().values():
        assert set(base.stands_on) <= set(images.catalogue())
        assert base.stands_on or (base.folder / "dpkg.cfg").is_file()


def test_the_first_lesson_needs_two_images_and_the_servers_wait():
    needed = {reference for reference, base in images.catalogue().items() if not base.when_needed}
    assert needed == {DEBIAN, PYTHON}


def test_what_is_fetched_when_needed_says_what_memory_it_takes():
    for base in images.catalogue().values():
        assert bool(base.memory) is base.when_needed


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param("", r":1: .*'stand-in'", id="missing"),
        pytest.param("stand-in = 'one'\nsuite = 'trixie'\nmemory = -1", r":5: .*memory", id="no-such-memory"),
        pytest.param("stand-in = 'one'\nsuite = 'trixie'\nwhen_needed = true", r":5: .*when-needed", id="misspelt"),
        pytest.param("stand-in = 'two'\nsuite = 'trixie'", r":3: .*Dockerfile to build one:1 from", id="no-folder"),
    ],
)
def test_a_broken_catalogue_names_its_line(tmp_path, row, told):
    (tmp_path / "one").mkdir()
    (tmp_path / "one/Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "versions.toml").write_text(f"[images.one]\nreference = 'one:1'\n{row}\n")
    with pytest.raises(SpecError, match=r"versions\.toml" + told):
        images.catalogue(tmp_path)


def test_an_image_without_a_tag_is_no_reference(tmp_path):
    (tmp_path / "versions.toml").write_text("[images.one]\nreference = 'one'\nstand-in = 'one'\nsuite = 'trixie'\n")
    with pytest.raises(SpecError, match=r"versions\.toml:2: "):
        images.catalogue(tmp_path)


class Answer:
    """What the engine's API answers to a pull."""

    def __init__(self, lines, status=200):
        self.lines, self.status_code, self.ok = lines, status, status < 400

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def iter_lines(self):
        for line in self.lines:
            if isinstance(line, Exception):
                raise line
            yield line


@pytest.mark.parametrize(
    ("answer", "fault", "message"),
    [
        pytest.param(
            Answer([b'{"message": "dial tcp: no such host"}'], 500), bases.RegistryFault, "no such host", id="offline"
        ),
        pytest.param(
            Answer([b'{"message": "manifest unknown"}'], 404), BaseImageFault, "has no one:1", id="no-such-image"
        ),
        pytest.param(
            Answer([b'{"status": "Pulling"}', b'{"error": "unexpected EOF"}']),
            bases.RegistryFault,
            "unexpected EOF",
            id="breaks-off",
        ),
        pytest.param(
            Answer([requests.ConnectionError("Read timed out.")]), bases.RegistryFault, "within 20 s", id="stalls"
        ),
    ],
)
def test_a_pull_that_fails(answer, fault, message):
    api = SimpleNamespace(base_url="http://engine", api_version="1.45", post=lambda *args, **kwargs: answer)
    with pytest.raises(BaseImageFault, match=message) as caught:
        bases.pull(SimpleNamespace(client=SimpleNamespace(api=api)), "one:1")
    assert type(caught.value) is fault


def test_only_added_authorities_are_handed_on(tmp_path):
    (tmp_path / "known.crt").write_text(PEM.format("AAAA"))
    bundle = PEM.format("AA\nAA") + PEM.format("BBBB")
    assert host.added_authorities(bundle, tmp_path) == (PEM.format("BBBB").strip(),)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mirror.example/simple", "https://mirror.example/simple"),
        ("file:///srv/simple", ""),
        ("https://user:secret@mirror.example/simple", ""),
    ],
    ids=["https", "file", "password"],
)
def test_an_index_is_handed_on_where_a_container_can_use_it(url, expected, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", url)
    assert host.pip_index() == expected


def test_apt_options_keep_passwords_here(monkeypatch):
    dump = (
        'Acquire::Check-Valid-Until "false";\nAcquire::http::Proxy "http://u:p@proxy:3128";\n'
        'Acquire::https::Proxy "http://proxy:3128";\nDPkg::Post-Invoke "evil";\n'
    )
    monkeypatch.setattr(host, "_output", lambda *command: dump)
    assert host.apt_options() == 'Acquire::Check-Valid-Until "false";\nAcquire::https::Proxy "http://proxy:3128";\n'


def test_a_tree_for_an_image_does_not_depend_on_the_umask(tmp_path, monkeypatch):
    keyring = tmp_path / "school.gpg"
    keyring.write_bytes(b"key")
    keyring.chmod(0o600)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    source = host.Source(uri="http://m", suites=("trixie",), components=("main",), signed_by=str(keyring))
    tree = tmp_path / "host"
    standin.lay_out_host(tree, (source,))
    written = {str(path.relative_to(tree)): path for path in tree.rglob("*")}
    assert "Signed-By: /etc/apt/keyrings/school.gpg" in written["etc/apt/sources.list.d/debian.sources"].read_text()
    assert "https://mirror.example/simple" in written["etc/pip.conf"].read_text()
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in written.values()}
    assert modes == {(True, 0o755), (False, 0o644)}


def test_a_machine_without_a_mirror_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(host, "apt_sources", lambda: ())
    with pytest.raises(BaseImageFault, match="no Debian mirror with the suite trixie"):
        standin.build(None, images.catalogue()[DEBIAN], lambda message: None)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A machine with one mirror, which holds every suite; what a build would be given, in place of a build."""
    keyring = tmp_path / "school.gpg"
    keyring.write_bytes(b"key")
    keyring.chmod(0o600)
    source = host.Source(uri="http://m", suites=("stable",), components=("main",), signed_by=str(keyring))
    monkeypatch.setattr(host, "apt_sources", lambda: (source,))
    monkeypatch.setattr(standin, "_holds", lambda source: True)
    seen = {}

    def build(engine, reference, context):
        for path in context.rglob("*"):
            if path.is_file():
                seen[str(path.relative_to(context))] = (path.read_text(), path.stat().st_mode & 0o777)

    monkeypatch.setattr(bases, "build", build)
    return seen


def test_a_second_suite_is_lent_for_the_build_alone(mirror):
    standin.build(None, images.catalogue()["mysql:9.7"], lambda message: None)
    lent, _ = mirror["second.sources"]
    kept, _ = mirror["host/etc/apt/sources.list.d/debian.sources"]
    assert ("Suites: sid" in lent, "Suites: sid" in kept) == (True, False)
    # The list of a release that never comes out may be stale on a mirror; it stays signed, and the others fresh.
    assert ("Check-Valid-Until: no" in lent, "Check-Valid-Until" in kept) == (True, False)
    assert "Signed-By: /etc/apt/keyrings/school.gpg" in lent
    assert mirror["host/etc/apt/keyrings/school.gpg"] == ("key", 0o644)


def test_one_suite_is_enough_for_the_others(mirror):
    standin.build(None, images.catalogue()["nginx:stable"], lambda message: None)
    assert "second.sources" not in mirror
    assert "Suites: trixie" in mirror["host/etc/apt/sources.list.d/debian.sources"][0]


def test_a_mirror_that_may_be_stale_here_may_be_stale_in_an_image(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb [check-valid-until=no] http://a sid main\n")
    (tmp_path / "sources.list.d/b.sources").write_text(
        "Types: deb\nURIs: http://b\nSuites: sid\nComponents: main\nCheck-Valid-Until: no\n"
    )
    found = host.apt_sources(tmp_path)
    assert {source.uri for source in found} == {"http://a", "http://b"}
    assert all("Check-Valid-Until: no\n" in source.deb822() for source in found)


def test_mmdebstrap_that_fails_is_quoted(tmp_path):
    with pytest.raises(BaseImageFault, match=r"mmdebstrap failed \(E: no mirror\)"):
        standin._run_to_its_end("sh", "-c", "echo 'E: no mirror'; exit 1", work=tmp_path)


@pytest.fixture(scope="module")
def engine():
    try:
        found = connect()
    except EngineFault as fault:
        pytest.skip(str(fault))
    yield found
    found.close()


def in_image(engine, reference, script):
    command = ("run", "--rm", "--network", "none", reference, "sh", "-euc", script)
    done = engine.command.run(*command, deadline=Deadline(60))
    assert done.code == 0, done.stderr
    return done.stdout


@pytest.mark.docker
@pytest.mark.parametrize(
    "script",
    [
        pytest.param('test "$(python --version)" = "Python $PYTHON_VERSION"', id="version-in-the-environment"),
        pytest.param(
            'for name in python python3 pip pip3; do test "$(command -v $name)" = /usr/local/bin/$name; done', id="path"
        ),
        pytest.param("! command -v gcc cc make", id="no-compiler"),
        pytest.param("python -m venv /tmp/venv && /tmp/venv/bin/pip --version", id="venv"),
        pytest.param(
            "echo 'word = 1' > /usr/local/lib/python3.13/site-packages/added.py; cd /; python -c 'import added'",
            id="site-packages",
        ),
        pytest.param(
            "pip uninstall --yes --root-user-action=ignore pip; ! python -m pip --version", id="pip-may-change-things"
        ),
        pytest.param("test -s /etc/ssl/certs/ca-certificates.crt", id="authorities"),
        pytest.param('test "$(id -u)" = 0; test ! -e /usr/lib/python3.13/EXTERNALLY-MANAGED', id="root"),
    ],
)
def test_python_behaves_like_the_official_image(engine, script):
    in_image(engine, PYTHON, script)


@pytest.mark.docker
@pytest.mark.parametrize(
    ("reference", "command"), [(PYTHON, ["python3"]), (DEBIAN, ["bash"])], ids=["python", "debian"]
)
def test_the_command_is_the_official_one(engine, reference, command):
    record = image.inspect(engine, reference)
    assert record is not None
    assert record["Config"]["Cmd"] == command


@pytest.mark.docker
def test_the_slim_image_is_slim(engine):
    record = image.inspect(engine, PYTHON)
    assert record is not None
    assert record["Size"] < 160_000_000
    in_image(
        engine,
        DEBIAN,
        'test -z "$(find /var/lib/apt/lists /var/cache/apt -type f -size +100k)"; test ! -d /usr/share/man/man1',
    )
