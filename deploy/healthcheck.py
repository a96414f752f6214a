"""Ends with 0 if the hub on this machine answers that it can be read, else with 1."""

import os
import ssl
import sys
from urllib.error import URLError
from urllib.request import urlopen

port, certificate = os.environ.get("SENSOR_HUB_WEB_PORT", "8080"), os.environ.get("SENSOR_HUB_WEB_CERT")
context = None
if certificate:
    # it has to show the very certificate it was given; for which names that is, is for browsers to judge
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
url = f"{'https' if certificate else 'http'}://127.0.0.1:{port}/api/health"
try:
    with urlopen(url, timeout=5, context=context) as answer:  # noqa: S310 (one address, of this machine)
        sys.exit(0 if answer.status == 200 else 1)
except (URLError, TimeoutError) as error:
    sys.exit(f"{url}: {error}")
