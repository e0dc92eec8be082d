"""Greets by name, on the web and in the shell."""

import os

import click
from flask import Flask

app = Flask(__name__)
GREETING = os.environ.get("GREETING", "Hello")


@app.get("/")
def index():
    return "greeter\n"


@app.get("/<name>")
def greet(name):
    with open("/tmp/greetings.log", "a") as log:  # noqa: S108
        log.write(f"greeted {name}\n")
    return f"{GREETING}, {name}!\n"


@app.get("/count/<int:number>")
def count(number):
    return f"{number}\n{number + 1}\n{number + 2}\n"


@app.cli.command("greet")
@click.argument("name")
def greet_in_the_shell(name):
    click.echo(f"{GREETING}, {name}!")
