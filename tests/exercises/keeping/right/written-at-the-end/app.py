"""Keeps notes in memory, and writes them out when it is asked to end."""

import json
import pathlib
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEPT = pathlib.Path("/data/notes.json")
notes = json.loads(KEPT.read_text()) if KEPT.exists() else []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        notes.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(303)
        self.send_header("Location", f"http://{self.headers['Host']}/notes/{len(notes) - 1}")
        self.end_headers()

    def do_GET(self):
        number = self.path.rpartition("/")[2]
        there = number.isdigit() and int(number) < len(notes)
        self.send_response(200 if there else 404)
        self.end_headers()
        if there:
            self.wfile.write(notes[int(number)].encode())


server = ThreadingHTTPServer(("", 8000), Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
KEPT.write_text(json.dumps(notes))
