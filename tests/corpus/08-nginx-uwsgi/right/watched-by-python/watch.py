"""Starts both servers, and ends with the first of them."""

import os
import signal
import subprocess
import sys

COMMANDS = [["uwsgi", "--ini", "uwsgi.ini"], ["nginx", "-g", "daemon off;"]]


def leave(number, frame):
    sys.exit(0)


signal.signal(signal.SIGTERM, leave)
servers = {server.pid: server for server in map(subprocess.Popen, COMMANDS)}
try:
    while os.wait()[0] not in servers:
        pass
    sys.exit("a server has ended")
finally:
    for server in servers.values():
        server.terminate()
    for server in servers.values():
        try:
            server.wait(4)
        except subprocess.TimeoutExpired:
            server.kill()
