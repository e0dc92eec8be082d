"""Answers each route in a way that harms a client which trusts it; /honest is as it should be.

The test that hands this in puts the port of a server on its own machine in place of SECRET_PORT.
"""

import gzip
import socketserver
import time

OK = b"HTTP/1.1 200 OK\r\n"
ELSEWHERE = "http://127.0.0.1:SECRET_PORT/"
BOMB = gzip.compress(b"\0" * 200_000_000)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            path = self.rfile.readline().split()[1].decode()
            while self.rfile.readline().strip():
                pass
            route, _, name = path[1:].partition("/")
            getattr(self, route, self.honest)(name)
        except (BrokenPipeError, ConnectionResetError, IndexError):
            pass

    def say(self, *parts):
        for part in parts:
            self.wfile.write(part)

    def honest(self, name):
        body = f"Hello, {name}!\n".encode()
        self.say(OK, b"Content-Length: %d\r\n\r\n" % len(body), body)

    def drip(self, name):
        self.say(OK, b"\r\n")
        for byte in f"Hello, {name}!\n".encode() * 1000:
            self.say(bytes([byte]))
            time.sleep(0.5)

    def silent(self, name):
        time.sleep(600)

    def endless(self, name):
        self.say(OK, b"\r\n", f"Hello, {name}!\n".encode())
        while True:
            self.say(b"x" * 65536)

    def bomb(self, name):
        self.say(OK, b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB), BOMB)

    def redirect(self, name):
        self.say(b"HTTP/1.1 302 Found\r\nLocation: ", ELSEWHERE.encode(), b"\r\nContent-Length: 0\r\n\r\n")

    def headers(self, name):
        self.say(OK)
        while True:
            self.say(b"X: " + b"y" * 1000 + b"\r\n")

    def interim(self, name):
        while True:
            self.say(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    def nested(self, name):
        self.say(OK, b"Content-Type: application/json\r\n\r\n", b'{"name":' * 100_000)

    def backtracks(self, name):
        self.say(OK, b"\r\n", b"a" * 900_000, b"!?")

    def enter(self, name):
        cookies = b"".join(b"Set-Cookie: c%d=%s\r\n" % (number, b"x" * 600) for number in range(90))
        head = b"HTTP/1.1 302 Found\r\nSet-Cookie: name=x; HttpOnly\r\n" + cookies
        self.say(head, b"Location: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", 8000), Handler).serve_forever()
