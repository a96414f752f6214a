"""What lets a phone keep the pages among its apps. No service worker: it would show numbers that are old."""

import json
from typing import Final

ICON_URL: Final = "/assets/icon.svg"
MANIFEST_URL: Final = "/assets/sensor-hub.webmanifest"
MANIFEST_TYPE: Final = "application/manifest+json"
# To the edge, so that a system may cut any shape out of it; what is drawn keeps to the middle.
ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="#0b4f5c"/>'
    '<path d="M136 330 L222 166 L286 274 L322 214 L376 330" fill="none" stroke="#fff" stroke-width="36" '
    'stroke-linejoin="round" stroke-linecap="round"/></svg>'
)
MANIFEST: Final = json.dumps(
    {
        "name": "sensor_hub",
        "short_name": "sensor_hub",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f4f0",
        "theme_color": "#0b4f5c",
        "icons": [{"src": ICON_URL, "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}],
    }
)
HEAD: Final = (
    f'<link rel="manifest" href="{MANIFEST_URL}"><link rel="icon" type="image/svg+xml" href="{ICON_URL}">'
    '<meta name="mobile-web-app-capable" content="yes">'
)
