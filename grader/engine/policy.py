"""BuildKit's source policy: what a build may fetch."""

from collections.abc import Sequence

DENIED = "denied by policy"  # in the words of a build that asked for something else


def policy_for(bases: Sequence[str]) -> dict[str, object]:
    """BuildKit's source policy: no other image on this machine, no remote ADD, no git, no foreign frontend."""
    images = [f"docker-image://{_canonical(base)}" for base in bases]
    # An engine that keeps its images in containerd's store asks for them by name and digest.
    allowed = ["local://*", *images, *(f"{image}@*" for image in images)]
    deny = {"action": "DENY", "selector": {"identifier": "*"}}
    return {"rules": [deny, *({"action": "ALLOW", "selector": {"identifier": name}} for name in allowed)]}


def _canonical(reference: str) -> str:
    """The reference as BuildKit writes it: with its registry, and `library/` for an official image."""
    first, slash, _ = reference.partition("/")
    if not slash:
        return f"docker.io/library/{reference}"
    return reference if "." in first or ":" in first or first == "localhost" else f"docker.io/{reference}"
