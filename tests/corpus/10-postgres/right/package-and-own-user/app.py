from crew import create_app

app = create_app()
