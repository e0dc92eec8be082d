from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def index():
        return "Hello, world!\n", 200, {"Content-Type": "text/plain"}

    @app.get("/<string:who>")
    def greet(who):
        return "Hello, %s!\n" % who, {"Content-Type": "text/plain; charset=utf-8"}

    return app
