"""A Flask app on a real socket of this machine, in the place of a submission that is up and running."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from grader.http import Answer, Request, send


class Quiet(WSGIRequestHandler):
    """Answers, and prints no line about it."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


@dataclass
class Served:
    """What a check asks: the app behind a port of loopback; remembers each request."""

    port: int
    asked: list[Request] = field(default_factory=list)

    def random(self, name: str) -> random.Random:
        return random.Random(name)

    def request(self, request: Request) -> Answer:
        self.asked.append(request)
        return send("127.0.0.1", self.port, request)

    def curl(self, request: Request) -> str:
        return request.curl(self.port)


@contextmanager
def served(app: Flask) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Served(port=server.port)
    server.shutdown()
    thread.join()
    server.server_close()
