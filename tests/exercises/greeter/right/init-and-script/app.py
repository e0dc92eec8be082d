"""Greets by name."""

import logging
import sys
from os import getenv

import click
from flask import Flask

logging.basicConfig(stream=sys.stdout, level=logging.INFO)
log = logging.getLogger("greeter")


def greeting(name):
    return ", ".join((getenv("GREETING") or "Hello", name)) + "!"


def create_app():
    app = Flask(__name__)

    @app.route("/")
    def index():
        return "hi"

    @app.route("/<name>")
    def greet(name):
        log.info("greeted %s", name)
        return greeting(name) + "\n"

    @app.route("/count/<number>")
    def count(number):
        return "".join(f"{int(number) + step}\n" for step in range(3))

    @app.cli.command("greet")
    @click.argument("name")
    def say(name):
        print(greeting(name))

    return app
