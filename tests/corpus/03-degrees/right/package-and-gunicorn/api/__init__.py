from flask import Flask, jsonify

from . import degrees


def create_app():
    app = Flask(__name__)
    app.register_blueprint(degrees.blueprint, url_prefix="/degrees")
    app.json.sort_keys = False

    @app.errorhandler(404)
    def missing(error):
        return jsonify(error="nothing here: " + str(error.description)), 404

    return app
