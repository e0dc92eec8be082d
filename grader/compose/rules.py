"""The keys of a Compose file: which are read, which have no effect when graded, and which are refused, and why.

A key that stands nowhere here is unknown: what Compose learns after this was written is refused until it is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.limits import CAPABILITIES


@dataclass(frozen=True, kw_only=True)
class Level:
    """The keys that one kind of mapping may have."""

    noun: str  # as it is called in a message
    read: frozenset[str]
    idle: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        return self.read | self.idle | self.refused.keys()


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


MACHINE = "it would reach into the machine that grades"
LIMITS = "the grader sets the limits of every container itself"
NETWORK = "the grader gives every project networks of its own"
ELSEWHERE = "it reads from outside what was handed in"
BUILD = "a graded build takes nothing but the files that were handed in"
NEWER = "the grader does not know how to run it"

# What may be asked for under a refused key: it gives nothing that every container does not have.
HARMLESS: Mapping[str, frozenset[str]] = {
    "cap_add": frozenset(CAPABILITIES),
    "security_opt": _keys("no-new-privileges no-new-privileges:true no-new-privileges=true"),
    "ipc": _keys("private shareable"),
    "cgroup": _keys("private"),
    "runtime": _keys("runc"),
    "network": _keys("default"),
    "driver": _keys("local bridge default"),
}

FILE = Level(
    noun="a Compose file",
    read=_keys("services volumes networks secrets configs"),
    idle=_keys("version name"),
    refused={
        "include": f"{ELSEWHERE}: write the services into this file",
        "models": NEWER,
    },
)

SERVICE = Level(
    noun="a service",
    read=_keys(
        "image build command entrypoint environment env_file ports expose depends_on links healthcheck volumes networks"
        " init user working_dir read_only tmpfs stop_signal stop_grace_period hostname container_name restart profiles"
        " secrets configs"
    ),
    idle=_keys(
        "annotations attach cap_drop cpu_count cpu_percent cpu_period cpu_quota cpu_shares cpus cpuset deploy develop"
        " domainname group_add isolation labels logging mac_address mem_limit mem_reservation mem_swappiness"
        " memswap_limit pids_limit platform pull_policy pull_refresh_after scale shm_size stdin_open storage_opt tty"
        " ulimits"
    ),
    refused={
        "privileged": MACHINE,
        "cap_add": f"{MACHINE}: every container has {', '.join(sorted(HARMLESS['cap_add']))}, and no more",
        "security_opt": f"{MACHINE}: `no-new-privileges:true` alone is taken",
        "devices": MACHINE,
        "device_cgroup_rules": MACHINE,
        "gpus": MACHINE,
        "blkio_config": MACHINE,
        "network_mode": f"{NETWORK}: take the key away, and name services by their names",
        "pid": MACHINE,
        "ipc": MACHINE,
        "uts": MACHINE,
        "cgroup": MACHINE,
        "cgroup_parent": MACHINE,
        "userns_mode": MACHINE,
        "runtime": MACHINE,
        "sysctls": MACHINE,
        "credential_spec": MACHINE,
        "use_api_socket": MACHINE,
        "provider": "it would run a program on the machine that grades",
        "post_start": NEWER,
        "pre_start": NEWER,
        "pre_stop": NEWER,
        "models": NEWER,
        "oom_kill_disable": LIMITS,
        "oom_score_adj": LIMITS,
        "cpu_rt_period": LIMITS,
        "cpu_rt_runtime": LIMITS,
        "dns": NETWORK,
        "dns_opt": NETWORK,
        "dns_search": NETWORK,
        "extra_hosts": NETWORK,
        "external_links": f"{NETWORK}: nothing outside the project is reached",
        "volumes_from": "name a volume under `volumes` in both services",
        "extends": "use a YAML anchor and `<<: *name` for what services share",
        "label_file": ELSEWHERE,
    },
)

BUILD_SECTION = Level(
    noun="`build`",
    read=_keys("context dockerfile args target"),
    idle=_keys("labels tags no_cache pull platforms shm_size ulimits provenance sbom isolation"),
    refused={
        "dockerfile_inline": f"{BUILD}: put the lines into a Dockerfile",
        "additional_contexts": BUILD,
        "ssh": BUILD,
        "secrets": BUILD,
        "cache_from": BUILD,
        "cache_to": BUILD,
        "network": NETWORK,
        "extra_hosts": NETWORK,
        "privileged": MACHINE,
        "entitlements": MACHINE,
    },
)

HEALTHCHECK = Level(
    noun="`healthcheck`",
    read=_keys("test interval timeout retries start_period start_interval disable"),
)
PORT = Level(noun="a port", read=_keys("target published host_ip protocol"), idle=_keys("mode name app_protocol"))
MOUNT = Level(
    noun="an entry of `volumes`",
    read=_keys("type source target read_only bind"),
    idle=_keys("consistency volume tmpfs"),
    refused={"image": NEWER},
)
BIND = Level(
    noun="`bind`",
    read=_keys("create_host_path"),
    idle=_keys("selinux recursive"),
    refused={"propagation": MACHINE},
)
DEPENDENCY = Level(noun="an entry of `depends_on`", read=_keys("condition required"), idle=_keys("restart"))
ATTACHMENT = Level(
    noun="a network of a service",
    read=_keys("aliases"),
    idle=_keys("ipv4_address ipv6_address link_local_ips mac_address priority gw_priority interface_name"),
    refused={"driver_opts": NETWORK},
)
ENV_FILE = Level(noun="an entry of `env_file`", read=_keys("path required"))
GRANT = Level(noun="a secret or config of a service", read=_keys("source target"), idle=_keys("uid gid mode"))

EXTERNAL = "nothing that exists before the project is joined: take `external` away"
VOLUME = Level(
    noun="a volume",
    read=frozenset(),
    idle=_keys("name labels"),
    refused={"external": EXTERNAL, "driver_opts": MACHINE, "driver": "volumes are local here"},
)
NETWORK_SECTION = Level(
    noun="a network",
    read=frozenset(),
    idle=_keys("name labels internal attachable enable_ipv4 enable_ipv6 ipam"),
    refused={"external": EXTERNAL, "driver_opts": NETWORK, "driver": "networks are bridges here"},
)
SECRET = Level(
    noun="a secret or config",
    read=_keys("file environment content"),
    idle=_keys("name labels"),
    refused={
        "external": EXTERNAL,
        "driver": NEWER,
        "driver_opts": NEWER,
        "template_driver": NEWER,
    },
)

# Where a key belongs that stands elsewhere; the first that knows it is named.
PLACES = (SERVICE, FILE, BUILD_SECTION, HEALTHCHECK)
