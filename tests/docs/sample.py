"""Pages for the tests of the tests, put together from console blocks."""


def page(*blocks: list[str]) -> str:
    """A page of console blocks; each is its remarks and its lines."""
    parts = []
    for block in blocks:
        remarks = [line for line in block if line.startswith(".. ")]
        lines = [f"   {line}" for line in block if not line.startswith(".. ")]
        parts += [*remarks, "", ".. code-block:: console", "", *lines, "", "Text.", ""]
    return "\n".join(parts)
