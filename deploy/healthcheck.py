#!/usr/bin/env python
"""Exit status 0 where the web server of this container answers /health/ready with 200: it reaches its database, whose schema is right."""

import http.client
import os
import sys

HOST = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
PORT = int(os.environ.get("PORT", "8000"))

connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
try:
    connection.request("GET", "/health/ready", headers={"Host": HOST})  # other names are refused
    status = connection.getresponse().status
except OSError as error:
    sys.exit(f"No answer on port {PORT}: {error}")
sys.exit(0 if status == 200 else f"/health/ready answered {status}")
