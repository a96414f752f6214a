"""Ends with 0 if the hub on this machine answers that it can be read, else with 1."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

url = f"http://127.0.0.1:{os.environ.get('SENSOR_HUB_WEB_PORT', '8080')}/api/health"
try:
    with urlopen(url, timeout=5) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except (URLError, TimeoutError) as error:
    sys.exit(f"{url}: {error}")
