"""What gunicorn reads at its start, from the folder it is started in."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
threads = 4
accesslog = "-"
worker_tmp_dir = "/dev/shm"
