from flask import Flask

app = Flask(__name__)


@app.get("/")
def tide():
    return "High water at noon.\n"
