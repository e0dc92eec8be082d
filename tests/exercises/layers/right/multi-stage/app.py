"""Says hello."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import itsdangerous  # noqa: F401 -- stands for all that an app needs

GREETING = "Hello"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{GREETING}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
