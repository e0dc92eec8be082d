"""Ends with 0 if the app says that it is well, and with 1 if it says otherwise, or nothing."""

import os
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/health", timeout=8)
