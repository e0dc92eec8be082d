"""Pages that a test writes, built with the extension alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sphinx.building import Built, build, write


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Built]:
    """Build one page, index, whose text starts at line 4."""

    def built(text: str, **options: object) -> Built:
        return build(write(tmp_path / "docs", {"index": text}), tmp_path / "built", **options)

    return built
