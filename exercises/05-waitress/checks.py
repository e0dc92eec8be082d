"""Whether one page may read the answers and no other, and whether all packages are pinned."""

import json
import runpy
from pathlib import Path
from random import Random

from grader.checks.base import Subject
from grader.checks.python import Failed
from grader.http import Answer, Request

PAGE = "https://harbor.example"
ALLOWED = "Access-Control-Allow-Origin"
PORT = 8080  # in the commands that a report shows


def one_page_may_read(subject: Subject, random: Random) -> None:
    """A page's answers name it, or a fixed header does; nobody else is let in."""
    ship, other = (f"ship-{random.randrange(10**6)}" for _ in range(2))
    stranger = f"https://{other}.example"
    for request in (_get(ship, PAGE), _post(ship, PAGE)):
        answer = subject.request(request)
        origins = _origins(answer)
        if origins != [PAGE]:
            raise _not_let_in(request, origins)
    for request in (_get(ship, stranger), _get(ship, "null"), _post(ship, stranger)):
        origins = _origins(subject.request(request))
        if origins not in ([], [PAGE]):
            fault = "cors-all" if "*" in origins else "cors-echo"
            raise _failed(request, f"no {ALLOWED} for {request.headers['Origin']}", _shown(origins), fault)


def preflight_is_answered(subject: Subject, random: Random) -> None:
    """The OPTIONS that a browser sends before a POST with JSON gets the headers that let the POST follow."""
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    request = Request(path="/labels", method="OPTIONS", headers={"Origin": PAGE, **asked})
    answer = subject.request(request)
    if answer.status not in (200, 204):
        raise _failed(request, "status 200 or 204", f"status {answer.status}", "cors-preflight")
    if (origins := _origins(answer)) != [PAGE]:
        raise _not_let_in(request, origins)
    for name, wanted in (("Access-Control-Allow-Methods", "post"), ("Access-Control-Allow-Headers", "content-type")):
        came = ", ".join(answer.all_headers(name))
        if not {wanted, "*"} & {word.strip().lower() for word in came.split(",")}:
            raise _failed(request, f"{name} with {wanted}", f"{name}: {came}" if came else "none", "cors-preflight")


def every_package_is_pinned(subject: Subject, random: Random) -> None:
    """As in the unit that taught it."""
    taught = runpy.run_path(str(Path(__file__).parents[1] / "02-layers" / "checks.py"))
    taught["every_package_is_pinned"](subject, random)


def _get(ship: str, origin: str) -> Request:
    return Request(path=f"/labels/{ship}", headers={"Origin": origin})


def _post(ship: str, origin: str) -> Request:
    headers = {"Origin": origin, "Content-Type": "application/json"}
    return Request(
        path="/labels", method="POST", headers=headers, body=json.dumps({"ship": ship, "crates": 1}).encode()
    )


def _origins(answer: Answer) -> list[str]:
    return list(answer.all_headers(ALLOWED))


def _shown(origins: list[str]) -> str:
    return "\n".join(f"{ALLOWED}: {each}" for each in origins) or f"no header {ALLOWED}"


def _not_let_in(request: Request, origins: list[str]) -> Failed:
    """The page may not read the answer, or not it alone: the same cause for a request and for its preflight."""
    fault = "cors-all" if "*" in origins else "cors-missing"
    return _failed(request, f"{ALLOWED}: {PAGE}", _shown(origins), fault)


def _failed(request: Request, expected: str, got: str, fault: str) -> Failed:
    facts = {"fault": fault, "header": ALLOWED, "path": request.path}
    return Failed(asked=request.curl(PORT), expected=expected, got=got, facts=facts)
