"""Compose files that reach for what is not the student's, and files that are wrong; each with the fault it must be.

The ids of the attacks are those of the list in the notes on containers: C01 and so on.
"""

from dataclasses import dataclass, field

from grader.compose import FaultKind

K = FaultKind


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A file, and the fault that it must be refused with."""

    text: str
    kind: FaultKind
    line: int
    says: str  # part of the message
    nearest: str = ""
    files: dict[str, str] = field(default_factory=dict)  # handed in beside it


def service(option: str, says: str, *, kind: FaultKind = K.REFUSED, line: int = 4, **more: object) -> Wrong:
    """A service with one option that is wrong; what is under it is indented by six."""
    text = f"services:\n  web:\n    build: .\n    {option}\n"
    return Wrong(text=text, kind=kind, line=line, says=says, **more)  # type: ignore[arg-type]


def top(text: str, says: str, *, kind: FaultKind = K.REFUSED, line: int = 4, **more: object) -> Wrong:
    """A key at the left margin beside a service."""
    return Wrong(text=f"services:\n  web:\n    build: .\n{text}\n", kind=kind, line=line, says=says, **more)  # type: ignore[arg-type]


MACHINE = "reach into the machine"
NETWORK = "networks of its own"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
)

ATTACKS: dict[str, Wrong] = {
    "C01 privileged": service("privileged: true", f"service 'web': `privileged`: it would {MACHINE}"),
    "C01 privileged, merged": Wrong(
        text="x-a: &a\n  privileged: yes\nservices:\n  web:\n    <<: *a\n    build: .\n",
        kind=K.REFUSED,
        line=2,
        says="`privileged`",
    ),
    "C01 privileged by a variable": service("privileged: ${P}", "`privileged`", files={".env": "P=true\n"}),
    "C02 cap_add": service("cap_add: [SYS_ADMIN]", "`cap_add`: it would"),
    "C02 cap_add of all": service("cap_add: [CHOWN, ALL]", "`cap_add`"),
    "C03 devices": service("devices: [/dev/sda]", MACHINE),
    "C03 device_cgroup_rules": service("device_cgroup_rules: ['c 1:3 mr']", MACHINE),
    "C03 gpus": service("gpus: all", MACHINE),
    "C03 blkio_config": service("blkio_config: {weight: 10}", MACHINE),
    "C04 security_opt": service("security_opt: [seccomp:unconfined]", "`security_opt`"),
    "C05 network_mode host": service("network_mode: host", NETWORK),
    "C05 network_mode container": service("network_mode: container:other", NETWORK),
    "C06 pid": service("pid: host", MACHINE),
    "C06 ipc": service("ipc: host", MACHINE),
    "C06 uts": service("uts: host", MACHINE),
    "C06 cgroup": service("cgroup: host", MACHINE),
    "C07 userns_mode": service("userns_mode: host", MACHINE),
    "C08 cgroup_parent": service("cgroup_parent: /", MACHINE),
    "C09 root": service("volumes: ['/:/host']", "on your machine only"),
    "C09 etc, long": service("volumes: [{type: bind, source: /etc, target: /e}]", "on your machine only"),
    "C09 home": service("volumes: ['~/.ssh:/k']", "on your machine only"),
    "C09 outwards": service("volumes: ['../other:/o']", "leads out"),
    "C09 outwards, hidden": service("volumes: ['./web/../../other:/o']", "leads out"),
    "C09 outwards by a variable": service("volumes: ['${UP}:/o']", "leads out", files={".env": "UP=..\n"}),
    "C09 a drive": service(r"volumes: ['C:\Users:/o']", "on your machine only"),
    "C09 the engine's socket": service("volumes: ['/var/run/docker.sock:/s']", "the engine's socket"),
    "C09 the engine's socket, long": service(
        "volumes: [{type: bind, source: /run/containerd/containerd.sock, target: /s}]", "the engine's socket"
    ),
    "C09 shared mounts": service(
        "volumes: [{type: bind, source: ./web, target: /w, bind: {propagation: rshared}}]", MACHINE
    ),
    "C11 driver_opts": top("volumes:\n  v:\n    driver_opts: {type: none, o: bind, device: /}", MACHINE, line=6),
    "C11 a driver": top("volumes:\n  v:\n    driver: nfs", "volumes are local", line=6),
    "C12 an external volume": top("volumes:\n  v:\n    external: true", "nothing that exists before", line=6),
    "C12 an external volume, old": top("volumes:\n  v:\n    external: {name: other}", "nothing that exists", line=6),
    "C12 an external network": top("networks:\n  n:\n    external: true", "nothing that exists before", line=6),
    "C12 a network's driver": top("networks:\n  n:\n    driver: host", "networks are bridges", line=6),
    "C12 a network's options": top("networks:\n  n:\n    driver_opts: {a: b}", NETWORK, line=6),
    "C13 volumes_from": service("volumes_from: ['container:other']", "name a volume"),
    "C14 external_links": service("external_links: [other]", "nothing outside the project"),
    "C14 links outwards": service("links: [other]", "no service `other`", kind=K.UNDEFINED),
    "C15 oom_kill_disable": service("oom_kill_disable: true", "limits"),
    "C15 oom_score_adj": service("oom_score_adj: -1000", "limits"),
    "C15 real time": service("cpu_rt_runtime: 95000", "limits"),
    "C18 runtime": service("runtime: nvidia", MACHINE),
    "C22 env_file": service("env_file: /etc/shadow", "on your machine only"),
    "C22 env_file outwards": service("env_file: [../../grader.env]", "leads out"),
    "C22 env_file, long": service("env_file: [{path: /proc/self/environ}]", "on your machine only"),
    "C23 label_file": service("label_file: ./labels", "from outside"),
    "C24 secrets.file": top("secrets:\n  s: {file: /etc/shadow}", "on your machine only", line=5),
    "C24 secrets.environment": top(
        "secrets:\n  s: {environment: PATH}", "`.env` does not set PATH", kind=K.UNSET, line=5
    ),
    "C24 an external secret": top("secrets:\n  s: {external: true}", "nothing that exists", line=5),
    "C25 configs.file": top("configs:\n  c: {file: ../x}", "leads out", line=5),
    "C25 configs.environment": top("configs:\n  c: {environment: HOME}", "does not set HOME", kind=K.UNSET, line=5),
    "C26 a required variable of the grader's": service("command: ${PATH:?no path}", "no path", kind=K.UNSET),
    "C27 extends": service("extends: {file: /etc/x.yaml, service: web}", "use a YAML anchor"),
    "C27 include": top("include: [oci://example.org/x]", "from outside"),
    "C30 a context outside": Wrong(text="services:\n  web:\n    build: ..\n", kind=K.REFUSED, line=3, says="leads out"),
    "C30 the root as context": Wrong(
        text="services:\n  web:\n    build: /\n", kind=K.REFUSED, line=3, says="on your machine only"
    ),
    "C30 a remote context": Wrong(
        text="services:\n  web:\n    build: https://example.org/x.git\n", kind=K.REFUSED, line=3, says="from elsewhere"
    ),
    "C30 a git context": Wrong(
        text="services:\n  web:\n    build: {context: 'git@example.org:x'}\n", kind=K.REFUSED, line=3, says="elsewhere"
    ),
    "C30 a Dockerfile outside": Wrong(
        text="services:\n  web:\n    build:\n      context: .\n      dockerfile: ../Dockerfile\n",
        kind=K.REFUSED,
        line=5,
        says="leads out",
    ),
    "C30 dockerfile_inline": Wrong(
        text="services:\n  web:\n    build:\n      dockerfile_inline: FROM x\n",
        kind=K.REFUSED,
        line=4,
        says="into a Dockerfile",
    ),
    **{
        f"C31-C34 build.{option.partition(':')[0]}": Wrong(
            text=f"services:\n  web:\n    build:\n      {option}\n",
            kind=K.REFUSED,
            line=4,
            says=f"`{option.partition(':')[0]}`",
        )
        for option in (
            "additional_contexts: {x: /etc}",
            "ssh: [default]",
            "secrets: [s]",
            "network: host",
            "entitlements: [security.insecure]",
            "privileged: true",
            "cache_from: ['type=local,src=/']",
            "cache_to: ['type=local,dest=/etc']",
            "extra_hosts: ['a:1.2.3.4']",
        )
    },
    "C36 post_start": service("post_start: [{command: id, privileged: true}]", "`post_start`"),
    "C36 pre_stop": service("pre_stop: [{command: id}]", "`pre_stop`"),
    "C36 pre_start": service("pre_start: [{command: id}]", "`pre_start`"),
    "C37 provider": service("provider: {type: /bin/sh}", "a program on the machine"),
    "C38 models": service("models: [m]", "`models`"),
    "C38 models of the file": top("models: {m: {model: x}}", "`models`"),
    "C39 use_api_socket": service("use_api_socket: true", MACHINE),
    "C41 credential_spec": service("credential_spec: {file: x}", MACHINE),
    "C42 extra_hosts": service("extra_hosts: ['host.docker.internal:host-gateway']", NETWORK),
    "C42 dns": service("dns: 8.8.8.8", NETWORK),
    "C42 sysctls": service("sysctls: {net.ipv4.ip_forward: 1}", MACHINE),
    "C43 everything in a profile": service("profiles: [off]", "nothing is started", kind=K.NO_SERVICE, line=1),
    "C44 a cycle": Wrong(
        text="services:\n  a:\n    build: .\n    depends_on: [b]\n  b:\n    build: .\n    depends_on: [c]\n"
        "  c:\n    build: .\n    depends_on:\n      - a\n",
        kind=K.CYCLE,
        line=4,
        says="a -> b -> c -> a",
    ),
    "C44 itself": service("depends_on: [web]", "web -> web", kind=K.CYCLE),
    "C45 an alias bomb": Wrong(text=BOMB, kind=K.TOO_LARGE, line=4, says="aliases"),
    "C45 a bomb of merges": Wrong(
        text="x0: &x0 {"
        + ", ".join(f"k{n}: 1" for n in range(99))
        + "}\n"
        + "".join(f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}]}}\n" for n in range(1, 9)),
        kind=K.TOO_LARGE,
        line=3,
        says="aliases",
    ),
    "C45 a bomb of variables": service(
        "command: $Z",
        "longer than",
        kind=K.TOO_LARGE,
        line=13,
        files={
            ".env": "A="
            + "x" * 10
            + "\n"
            + "".join(f"{chr(66 + n)}=${{{chr(65 + n)}}}${{{chr(65 + n)}}}\n" for n in range(25))
        },
    ),
    "C46 a deep file": Wrong(text="a: " + "[" * 30_000, kind=K.TOO_LARGE, line=1, says="deeper"),
    "C46 a large file": Wrong(text="# " + "x" * 70_000, kind=K.TOO_LARGE, line=0, says="larger than 64 kB"),
    "C46 many values": Wrong(text="a: [" + "x, " * 6_000 + "]", kind=K.TOO_LARGE, line=1, says="5000"),
    "C46 many services": Wrong(
        text="services:\n" + "".join(f"  s{n}: {{build: .}}\n" for n in range(11)), kind=K.TOO_LARGE, line=2, says="10"
    ),
    "C46 many ports": service("ports: ['1-65535:1-65535']", "more than 100", kind=K.TYPE),
    "C47 a key twice": Wrong(
        text="services:\n  web:\n    build: .\n    privileged: false\n    privileged: true\n",
        kind=K.DUPLICATE,
        line=5,
        says="first in line 4",
    ),
    "C47 !reset": service("ports: !reset []", "`!reset`", kind=K.TAG),
    "C47 !override": service("ports: !override ['80']", "`!override`", kind=K.TAG),
    "C47 a Python tag": service("command: !!python/object/apply:os.system [id]", "python", kind=K.TAG),
    "C47 binary": service("command: !!binary aWQ=", "`!!binary`", kind=K.TAG),
    "C47 two documents": top("---\nservices: {}", "a second document", kind=K.TYPE),
    "C47 an alias in itself": Wrong(text="a: &a [*a]", kind=K.SYNTAX, line=1, says="its own anchor"),
    "C48 a key of tomorrow": service("launch_missiles: true", "no such key", kind=K.UNKNOWN_KEY),
    "C48 an image mount": service(
        "volumes: [{type: image, source: other, target: /o}]", "is not one of bind", kind=K.TYPE
    ),
    "C49 another registry": Wrong(
        text="services:\n  web:\n    image: 169.254.169.254/x\n",
        kind=K.IMAGE,
        line=3,
        says="not one of this exercise's images",
    ),
    "C52 a NUL": service(r'user: "root\0"', "no text has", kind=K.SYNTAX),
    "C52 half a character": service(r'user: "\ud800"', "no text has", kind=K.SYNTAX),
    "a service's name as a path": Wrong(
        text="services:\n  ../x:\n    build: .\n", kind=K.TYPE, line=2, says="a name has letters"
    ),
    "a volume's name as a path": top("volumes:\n  a/../b:", "a name has letters", kind=K.TYPE, line=5),
    "a mount over everything": service("volumes: ['./web:/']", "over the whole container", kind=K.TYPE),
}

MISTAKES: dict[str, Wrong] = {
    "a tab": Wrong(text="services:\n\tweb:\n\t\tbuild: .\n", kind=K.TAB, line=2, says="spaces only"),
    "a tab deep in": Wrong(
        text="services:\n  web:\n    build: .\n\t  ports: []\n", kind=K.TAB, line=4, says="spaces only"
    ),
    "a tab after a dash": Wrong(
        text="services:\n  web:\n    build: .\n    ports:\n      -\t80\n", kind=K.TAB, line=5, says="spaces only"
    ),
    "a tab on a line of its own": Wrong(
        text="services:\n  web:\n\t\n    build: .\n", kind=K.TAB, line=3, says="spaces only"
    ),
    "indented too little": Wrong(
        text="services:\n  web:\n    image: redis:8\n   ports: []\n", kind=K.SYNTAX, line=4, says="indented"
    ),
    "no colon": Wrong(text="services:\n  web\n    build: .\n", kind=K.SYNTAX, line=3, says="`:`"),
    "no blank after the colon": Wrong(
        text="services:\n  web:\n    build:.\n", kind=K.TYPE, line=3, says="put a blank after the `:`"
    ),
    "an open quote": Wrong(text='services:\n  web:\n    build: ".\n', kind=K.SYNTAX, line=3, says="not closed"),
    "an open bracket": Wrong(text="services: {web: {build: .}\n", kind=K.SYNTAX, line=2, says="not closed"),
    "a bare @": service("command: @app", "begin text with a quote", kind=K.SYNTAX),
    "an unknown alias": service("<<: *base", "no anchor `&base`", kind=K.SYNTAX),
    "not UTF-8": Wrong(text="\udcff\udcfeservices", kind=K.ENCODING, line=1, says="UTF-8"),
    "empty": Wrong(text="", kind=K.NO_SERVICE, line=1, says="empty"),
    "remarks alone": Wrong(text="# services:\n", kind=K.NO_SERVICE, line=1, says="empty"),
    "a list": Wrong(text="- services\n", kind=K.TYPE, line=1, says="a list"),
    "no services": Wrong(text="volumes:\n  v:\n", kind=K.NO_SERVICE, line=1, says="names none"),
    "services that are empty": Wrong(text="services:\n", kind=K.TYPE, line=1, says="must be a mapping"),
    "no service in services": Wrong(text="services: {}\n", kind=K.NO_SERVICE, line=1, says="names none"),
    "a service at the left margin": Wrong(
        text="web:\n  build: .\n", kind=K.NO_SERVICE, line=1, says="`web` stands at the left margin"
    ),
    "service for services": Wrong(
        text="service:\n  web:\n    build: .\n",
        kind=K.UNKNOWN_KEY,
        line=1,
        says="did you mean `services`?",
        nearest="services",
    ),
    "Services": Wrong(
        text="Services:\n  web: {}\n", kind=K.UNKNOWN_KEY, line=1, says="did you mean `services`?", nearest="services"
    ),
    "an empty service": Wrong(text="services:\n  web:\n", kind=K.TYPE, line=2, says="service 'web': it is nothing"),
    "neither image nor build": Wrong(
        text="services:\n  web:\n    ports: ['80']\n", kind=K.MISSING, line=2, says="neither `image` nor `build`"
    ),
    "options without a service": Wrong(
        text="services:\n  image: redis:8\n  ports: ['80']\n",
        kind=K.MISPLACED,
        line=2,
        says="where a service's name belongs",
    ),
    "volumes among the services": Wrong(
        text="services:\n  web:\n    build: .\n  volumes:\n    data:\n",
        kind=K.MISPLACED,
        line=4,
        says="to the left margin",
    ),
    "ports at the left margin": top("ports: ['80']", "belongs to a service", kind=K.MISPLACED, nearest="ports"),
    "ports under build": Wrong(
        text="services:\n  web:\n    build:\n      context: .\n      ports: ['80']\n",
        kind=K.MISPLACED,
        line=5,
        says="belongs to a service, not to `build`",
    ),
    "enviroment": service(
        "enviroment: [A=1]", "did you mean `environment`?", kind=K.UNKNOWN_KEY, nearest="environment"
    ),
    "depend_on": service("depend_on: [db]", "did you mean `depends_on`?", kind=K.UNKNOWN_KEY, nearest="depends_on"),
    "port": service("port: 80", "did you mean `ports`?", kind=K.UNKNOWN_KEY, nearest="ports"),
    "Image": service("Image: x", "did you mean `image`?", kind=K.UNKNOWN_KEY, nearest="image"),
    "volume at the left margin": top("volume: {a: }", "did you mean `volumes`?", kind=K.UNKNOWN_KEY, nearest="volumes"),
    "intervall": service(
        "healthcheck: {test: x, intervall: 1s}", "did you mean `interval`?", kind=K.UNKNOWN_KEY, nearest="interval"
    ),
    "depends on nobody": service(
        "depends_on: [database]\n  data-base: {build: .}",
        "did you mean `data-base`?",
        kind=K.UNDEFINED,
        nearest="data-base",
    ),
    "depends on an unstarted one": service(
        "depends_on: [db]\n  db:\n    image: redis:8\n    profiles: [debug]", "in the profile debug", kind=K.PROFILE
    ),
    "depends_on with a wrong condition": service(
        "depends_on: {web: {condition: healthy}}", "is not one of service_", kind=K.TYPE
    ),
    "depends_on without a condition": service("depends_on: {web: {restart: true}}", "missing", kind=K.MISSING),
    "depends_on as a mapping of nothing": service("depends_on: {db: }", "must be a mapping", kind=K.TYPE),
    "an undeclared volume": service("volumes: ['data:/data']", "declare it under `volumes:`", kind=K.UNDEFINED),
    "a misspelt volume": service(
        "volumes: ['dat:/data']\nvolumes: {data: }", "did you mean `data`?", kind=K.UNDEFINED, nearest="data"
    ),
    "a folder without ./": service("volumes: ['web/x:/data']", "write `./web/x` for a folder", kind=K.TYPE),
    "a volume without a place": service("volumes: ['./web']", "names no place in the container", kind=K.TYPE),
    "a volume with an empty side": service("volumes: ['${DATA}:/data']", "is a variable empty?", kind=K.TYPE),
    "a place that is relative": service("volumes: ['./web:data']", "begins with a /", kind=K.TYPE),
    "two mounts at one place": service(
        "volumes: ['./web:/run/secrets/s']\n    secrets: [s]\nsecrets: {s: {content: x}}",
        "two mounts at /run/secrets/s",
        kind=K.TYPE,
        line=2,
    ),
    "a file that is not there": service(
        "volumes: ['./nginx.conf:/etc/nginx/nginx.conf']", "was not handed in", kind=K.MISSING
    ),
    "a file that is misspelt": service(
        "volumes: ['./nginx/defaults.conf:/x']",
        "did you mean `./nginx/default.conf`?",
        kind=K.MISSING,
        nearest="nginx/default.conf",
    ),
    "a long mount of what is not there": service(
        "volumes: [{type: bind, source: ./uploads, target: /u}]", "was not handed in", kind=K.MISSING
    ),
    "a mount without a type": service("volumes: [{source: ./web, target: /w}]", "`type`", kind=K.MISSING),
    "an undeclared network": service("networks: [back]", "declare it under `networks:`", kind=K.UNDEFINED),
    "an undeclared secret": service("secrets: [pw]", "no secret `pw`", kind=K.UNDEFINED),
    "a secret that is not there": top("secrets: {pw: {file: ./pw.txt}}", "was not handed in", kind=K.MISSING),
    "an env_file that is not there": service("env_file: .env.web", "was not handed in", kind=K.MISSING),
    "an env_file that is misspelt": service(
        "env_file: wep.env", "did you mean `web.env`?", kind=K.MISSING, nearest="web.env"
    ),
    "no Dockerfile": Wrong(
        text="services:\n  web:\n    build: ./nginx\n", kind=K.MISSING, line=3, says="no file `Dockerfile` in `nginx/`"
    ),
    "a Dockerfile that is misspelt": Wrong(
        text="services:\n  web:\n    build:\n      dockerfile: dockerfile\n",
        kind=K.MISSING,
        line=4,
        says="did you mean `Dockerfile`?",
        nearest="Dockerfile",
    ),
    "no such context": Wrong(
        text="services:\n  web:\n    build: ./wep\n",
        kind=K.MISSING,
        line=3,
        says="did you mean `./web`?",
        nearest="web",
    ),
    "another tag": Wrong(
        text="services:\n  db:\n    image: postgres:latest\n",
        kind=K.IMAGE,
        line=3,
        says="`postgres:17`?",
        nearest="postgres:17",
    ),
    "no tag": Wrong(
        text="services:\n  db:\n    image: postgres\n",
        kind=K.IMAGE,
        line=3,
        says="`postgres:17`?",
        nearest="postgres:17",
    ),
    "a misspelt image": Wrong(
        text="services:\n  db:\n    image: postgress:17\n",
        kind=K.IMAGE,
        line=3,
        says="`postgres:17`?",
        nearest="postgres:17",
    ),
    "ports as one text": service("ports: '80:80'", "must be a list", kind=K.TYPE),
    "ports of nothing": service("ports:", "take the key away", kind=K.TYPE),
    "a port with a word": service("ports: ['http:80']", "is no port", kind=K.TYPE),
    "a port too high": service("ports: ['80:70000']", "is no port", kind=K.TYPE),
    "a port with a blank": service("ports: ['8000 : 80']", "is no port", kind=K.TYPE),
    "a port for an odd protocol": service("ports: ['80/http']", "protocols", kind=K.TYPE),
    "a port on localhost": service("ports: ['localhost:80:80']", "127.0.0.1", kind=K.TYPE),
    "ranges of two lengths": service("ports: ['80-82:80-81']", "of one length", kind=K.TYPE),
    "a port without a target": service("ports: [{published: 80}]", "`target`", kind=K.MISSING),
    "a number for a user": service("user: 1000", "put it in quotes", kind=K.TYPE),
    "a number among words": service("command: [sleep, 5]", "put it in quotes", kind=K.TYPE),
    "a mapping for a command": service("command: {run: x}", "must be text or a list", kind=K.TYPE),
    "an open quote in a command": service("command: sh -c \"it's", "not closed", kind=K.TYPE),
    "an open quote inside a command": service("command: sh -c 'it", "not closed", kind=K.TYPE),
    "a quote that a command leaves open": service("command: echo it's", "not closed", kind=K.TYPE),
    "brackets in a command": service("command: (a; b)", "outside quotes", kind=K.TYPE),
    "environment as one text": service("environment: A=1", "must be a mapping", kind=K.TYPE),
    "environment of nothing": service("environment:", "must be a mapping", kind=K.TYPE),
    "environment as a list of mappings": service("environment: [A: 1]", "write `- A=...`", kind=K.TYPE),
    "environment deep": service("environment: {A: {B: c}}", "must be text or a number", kind=K.TYPE),
    "a health check that begins wrong": service(
        "healthcheck: {test: [curl, -f, x]}", '["CMD", "curl", "-f", "x"]', kind=K.TYPE
    ),
    "a health check of nothing": service("healthcheck: {test: [CMD]}", "nothing stands after CMD", kind=K.TYPE),
    "a time without a unit": service("healthcheck: {test: x, interval: '5'}", "write `5s`", kind=K.TYPE),
    "a time as a number": service("healthcheck: {test: x, interval: 5}", "write `5s`", kind=K.TYPE),
    "a time of words": service("stop_grace_period: soon", "is no time", kind=K.TYPE),
    "a time without an end": service("stop_grace_period: 9999999h", "more than a week", kind=K.TYPE),
    "a boolean of words": service("init: maybe", "must be true or false", kind=K.TYPE),
    "an odd restart": service("restart: allways", "none of no, always", kind=K.TYPE),
    "an odd signal": service("stop_signal: please", "no signal", kind=K.TYPE),
    "a signal that is none": service("stop_signal: SIGFOO", "no signal", kind=K.TYPE),
    "a folder that is relative": service("working_dir: app", "begins with a /", kind=K.TYPE),
    "an alias that is no name": service("networks: {default: {aliases: ['a b']}}", "no name of a machine", kind=K.TYPE),
    "a link that is no name": service("links: ['web:a b']", "no name of a machine", kind=K.TYPE),
    "a tmpfs over a mount": service("volumes: ['./web:/a']\n    tmpfs: /a", "two mounts at /a", kind=K.TYPE, line=2),
    "too many secrets": service(
        f"secrets: [{', '.join(['s'] * 31)}]\nsecrets: {{s: {{content: x}}}}",
        "more than 30 mounts",
        kind=K.TOO_LARGE,
        line=2,
    ),
    "too many files": Wrong(
        text="services:\n"
        + "".join(
            f"  s{n}:\n    build: .\n    volumes: [{', '.join(f'./d{n}{m}:/{m}' for m in range(16))}]\n" for n in (1, 2)
        ),
        kind=K.TOO_LARGE,
        line=1,
        says="more than 30 different files",
    ),
    "an odd host name": service("hostname: a b", "no name of a machine", kind=K.TYPE),
    "a required variable": service("command: ${CMD:?say what to run}", "say what to run", kind=K.UNSET),
    "a variable that is not closed": service("command: ${CMD", "no `}` closes", kind=K.INTERPOLATION),
    "a variable with a shell's operator": service("command: ${CMD/a/b}", "after the name comes", kind=K.INTERPOLATION),
    "a wrong .env": Wrong(
        text="services: {}\n",
        kind=K.SYNTAX,
        line=2,
        says=".env:2: `.env`: `B C=1` sets no variable",
        files={".env": "A=1\nB C=1\n"},
    ),
    "an open quote in .env": Wrong(
        text="services: {}\n", kind=K.SYNTAX, line=1, says="opens a quote", files={".env": 'A="b\nB=1\n'}
    ),
    "a wrong env_file": service(
        "env_file: bad.env", "bad.env:1: `bad.env`", kind=K.SYNTAX, line=1, files={"bad.env": 'A="x" "y"\n'}
    ),
    "no file at all": Wrong(text="", kind=K.MISSING, line=0, says="not handed in", files={"compose.yaml": ""}),
}
