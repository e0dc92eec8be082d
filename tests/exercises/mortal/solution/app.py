"""Answers, logs what it was asked for, and lives."""

import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"alive\n")


subprocess.Popen(["sleep", "infinity"])
HTTPServer(("", 5000), Handler).serve_forever()
