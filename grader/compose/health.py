"""Reads a service's `healthcheck`."""

from grader.compose import fields, rules
from grader.compose.model import Health
from grader.compose.nodes import Node, Text, wrong
from grader.compose.reading import Reading

FORMS = ("CMD", "CMD-SHELL", "NONE")
RETRIES = 10_000
TIMES = ("interval", "timeout", "start_period", "start_interval")


def read_health(reading: Reading, node: Node, what: str) -> Health:
    """A health check, with None for every time that the file does not say.

    :raises ComposeFault: it is none
    """
    nodes = reading.section(node, what, rules.HEALTHCHECK).nodes
    interval, timeout, start_period, start_interval = (
        fields.seconds(nodes[key], f"{what}: `{key}`") if key in nodes else None for key in TIMES
    )
    disabled = "disable" in nodes and fields.boolean(nodes["disable"], f"{what}: `disable`")
    retries = (
        fields.integer(nodes["retries"], f"{what}: `retries`", low=0, high=RETRIES) if "retries" in nodes else None
    )
    test = _test(nodes["test"], f"{what}: `test`") if "test" in nodes else ()
    if disabled or test[:1] == ("NONE",):
        return Health(disabled=True)
    return Health(
        test=test,
        interval=interval,
        timeout=timeout,
        start_period=start_period,
        start_interval=start_interval,
        retries=retries,
    )


def _test(node: Node, what: str) -> tuple[str, ...]:
    if isinstance(node, Text):
        return ("CMD-SHELL", fields.text(node, what))
    words = fields.texts(node, what)
    if words and words[0] not in FORMS:
        line = ", ".join(f'"{word}"' for word in ("CMD", *words[:3]))
        raise wrong(
            node, what, f"a list begins with one of {', '.join(FORMS)}: write [{line}{', ...' * (len(words) > 3)}]"
        )
    if words[:1] in (("CMD",), ("CMD-SHELL",)) and len(words) == 1:
        raise wrong(node, what, f"nothing stands after {words[0]}")
    return words
