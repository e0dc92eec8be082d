"""Credentials that stand in the open in an image's record: in its variables, and in the instructions that made it."""

import re
from collections.abc import Collection, Iterator

# A name that ends so holds one, whatever stands before. DB_PASSWORD_FILE, TOKEN_LIFETIME and PUBLIC_KEY do not.
NAME = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|TOKEN|CREDENTIALS?"
    r"|(?:SECRET|API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|MASTER|SESSION|AUTH|JWT|APP|CLIENT)_?KEY)$",
    re.IGNORECASE,
)
ANY_KEY = re.compile(r"(?:^|_)KEY$", re.IGNORECASE)
NO_CREDENTIAL = re.compile(
    r"(?:^|_)(?:PUBLIC|GPG|SORT|PRIMARY|FOREIGN|CACHE|PARTITION)_KEY$|^(?:OLD)?PWD$", re.IGNORECASE
)
LONG = 16  # characters from which the value of any KEY looks like one
IN_ADDRESS = re.compile(r"://[^/\s:@'\"]*:(?P<value>[^/\s@'\"]+)@")
ASSIGNED = re.compile(r"(?<![\w$.{-])(?P<name>[A-Za-z_]\w*)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s;&|]*)")
# What is put in when the step or the container runs, and what says that there is none.
ELSEWHERE = re.compile(r"^(?:[$`].*|/run/secrets/.*|<.*>|\**|true|false|yes|no|none|null)$", re.IGNORECASE | re.DOTALL)


def in_environment(environment: Collection[str], base: Collection[str]) -> Iterator[str]:
    """The names of variables that hold a credential, those of the base image left out."""
    for variable in environment:
        name, _, value = variable.partition("=")
        if variable not in base and (_tells(name, value) or _in_address(value)):
            yield name


def in_history(instructions: Collection[str]) -> Iterator[str]:
    """What in the instructions assigns a credential: the names, or "an address" for one with a password in it."""
    for instruction in instructions:
        for found in ASSIGNED.finditer(instruction):
            if _tells(found["name"], found["value"]):
                yield found["name"]
        if _in_address(instruction):
            yield "an address with a password"


def _tells(name: str, value: str) -> bool:
    value = value.strip("\"'")
    if ELSEWHERE.match(value) or NO_CREDENTIAL.search(name):
        return False
    return bool(NAME.search(name)) or bool(ANY_KEY.search(name) and len(value) >= LONG and "/" not in value)


def _in_address(text: str) -> bool:
    return any(not ELSEWHERE.match(found["value"]) for found in IN_ADDRESS.finditer(text))
