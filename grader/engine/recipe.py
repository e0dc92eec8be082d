"""How an image is built: which file, with which values, to which stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Which file of the context is built, and how; the values are what `docker build .` takes."""

    dockerfile: str = "Dockerfile"  # inside the context
    args: Mapping[str, str] = field(default_factory=dict)
    target: str = ""  # the stage to end at
    cached: bool = True  # steps that were built before are taken from the cache

    @property
    def options(self) -> tuple[str, ...]:
        # A name that BuildKit reads itself would change more than the Dockerfile.
        own = {name: value for name, value in self.args.items() if not name.startswith("BUILDKIT_")}
        args = (word for name, value in own.items() for word in ("--build-arg", f"{name}={value}"))
        return (*args, *(("--target", self.target) if self.target else ()), *(() if self.cached else ("--no-cache",)))
