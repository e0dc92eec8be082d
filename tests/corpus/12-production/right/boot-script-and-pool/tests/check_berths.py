"""Asks a running register, on your desk: python tests/check_berths.py 127.0.0.1:8080"""

import http.client
import json
import sys

office = http.client.HTTPConnection(sys.argv[1])
office.request("PUT", "/berths/A1", json.dumps({"ship": "Beagle"}), {"Content-Type": "application/json"})
office.getresponse().read()
office.request("GET", "/berths/A1")
ship = json.load(office.getresponse())["ship"]
sys.exit(0 if ship == "Beagle" else f"the Beagle should lie at A1, and there is {ship}")
