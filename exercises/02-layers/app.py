"""Spells words for the signal mast."""

import subprocess

from flask import Flask, Response

app = Flask(__name__)

LETTERS = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November "
    "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
FIGURES = "Nadazero Unaone Bissotwo Terrathree Kartefour Pantafive Soxisix Setteseven Oktoeight Novenine"
FLAGS = {name[0].lower(): name for name in LETTERS.split()}
FLAGS |= {str(number): name for number, name in enumerate(FIGURES.split())}


def plain(text):
    return Response(text, mimetype="text/plain")


@app.get("/")
def index():
    return plain("The signal locker is open.\n")


@app.get("/flags/<word>")
def flags(word):
    names = [FLAGS.get(sign, sign) for sign in word.lower()]
    return plain(f"{word}: {' '.join(names)}\n")


@app.get("/banner/<word>")
def banner(word):
    drawn = subprocess.run(["figlet"], input=word, capture_output=True, text=True, timeout=5, check=True)
    return plain(drawn.stdout)
