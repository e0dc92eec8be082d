"""The same answers in every other form that HTTP allows, and that a browser would not even notice."""

import gzip
import json
import socketserver
import zlib
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        route, _, name = self.path[1:].partition("/")
        if route == "enter":
            return self.enter(name)
        if route == "again":
            name = SimpleCookie(self.headers.get("Cookie", ""))["name"].value
        answers = {
            "nested": json.dumps({"more": [1, {"a": None}], "name": name}, indent=4) + "\n\n",
            "backtracks": f"Hello there {name}!",
            "again": f"Hello again, {name}!\n",
        }
        body = answers.get(route, f"Hello, {name}!\n").encode()
        {"bomb": self.gzipped, "redirect": self.deflated, "drip": self.wide}.get(route, self.chunked)(body)

    def enter(self, name):
        self.send_response(303)
        self.send_header("location", f"http://{self.headers['Host']}/again")
        self.send_header("set-cookie", "theme=dark; Max-Age=60")
        self.send_header(
            "set-cookie", f"name={name};path=/;httponly;SameSite=Lax;Expires=Fri, 31 Dec 2100 23:59:59 GMT"
        )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def chunked(self, body):
        self.send_response_only(103)
        self.send_header("Link", "</style.css>; rel=preload")
        self.end_headers()
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for byte in body:
            self.wfile.write(b"1;form=single\r\n" + bytes([byte]) + b"\r\n")
        self.wfile.write(b"0\r\nX-Trailer: end\r\n\r\n")

    def gzipped(self, body):
        self.send_packed("gzip", gzip.compress(body))

    def deflated(self, body):
        self.send_packed("deflate", zlib.compress(body))

    def send_packed(self, coding, body):
        self.send_response(200)
        self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def wide(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-16")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body.decode().encode("utf-16"))


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True


Server(("", 8000), Handler).serve_forever()
