"""The style sheet, put together from the sheets of the pages and served under a name that changes with its content."""

import hashlib
from pathlib import Path
from typing import Final

_SHEETS: Final = sorted((Path(__file__).parent / "styles").glob("*.css"))  # 00_base first, then one a page
STYLE: Final = b"\n".join(sheet.read_bytes() for sheet in _SHEETS)
STYLE_URL: Final = f"/assets/style-{hashlib.sha256(STYLE).hexdigest()[:12]}.css"
FAVICON_URL: Final = "/favicon.ico"
FAVICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b4f5c"/>'
    '<path d="M6 22 L13 9 L18 18 L21 13 L26 22" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" '
    'stroke-linecap="round"/></svg>'
)


def css_colour(name: str) -> str:
    """JavaScript that asks the style sheet for a colour, for keys of a chart that begin with a colon."""
    return f"hubColour('--{name}')"
