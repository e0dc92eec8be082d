"""Keeps notes, each in a file of its own."""

import os
import pathlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOTES = pathlib.Path(os.environ.get("NOTES", "/data"))


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        number = len(list(NOTES.iterdir()))
        (NOTES / str(number)).write_bytes(text)
        self.answer(303, b"", Location=f"/notes/{number}")

    def do_GET(self):
        note = NOTES / self.path.rpartition("/")[2]
        if note.is_file():
            self.answer(200, note.read_bytes())
        else:
            self.answer(404, b"no such note\n")

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


NOTES.mkdir(exist_ok=True)
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
