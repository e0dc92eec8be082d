"""Greets on every route, as plainly as HTTP allows; but for one."""

import json
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        route, _, name = self.path[1:].partition("/")
        if route == "drip":
            self.send_response(200)
            self.end_headers()
            for letter in f"Hello, {name}!\n" * 100:
                self.wfile.write(letter.encode())
                __import__("time").sleep(0.5)
            return
        if route == "enter":
            self.send_response(302)
            self.send_header("Location", "/again")
            self.send_header("Set-Cookie", f"name={name}; HttpOnly; Path=/")
            self.end_headers()
            return
        if route == "again":
            name = SimpleCookie(self.headers.get("Cookie", ""))["name"].value
        answers = {
            "nested": json.dumps({"name": name, "route": route}),
            "backtracks": f"Hello {name}!",
            "again": f"Hello again, {name}!\n",
        }
        body = answers.get(route, f"Hello, {name}!\n").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
