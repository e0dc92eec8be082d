from labels import create_app

app = create_app()
