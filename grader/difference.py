"""Names the one respect in which two texts differ, for the catalogue of mistakes and for the report."""


def difference(expected: str, got: str) -> str:
    """In which one respect the two texts differ, or "text" where they do in more than one."""
    if got == expected:
        return ""
    if got + "\n" == expected:
        return "newline missing"
    if got == expected + "\n":
        return "newline too many"
    if got.replace("\r\n", "\n") == expected:
        return "carriage return"
    if "".join(got.split()) == "".join(expected.split()):
        return "white space"
    if got.strip().casefold() == expected.strip().casefold():
        return "case"
    return "text"
