import base64
import sys
import zlib

payload = sys.stdin.read().strip().lstrip(".").partition(".")[0]
print(zlib.decompress(base64.urlsafe_b64decode(payload + "===")).decode())
