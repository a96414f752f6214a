"""Pages in plain HTML, without a script: what is shown to somebody who has not signed in."""

from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from sensor_hub.adapters.web.document_language import document_language
from sensor_hub.adapters.web.look import STYLE_URL

POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def plain_page(title: str, body: str, *, status_code: int = 200, again: str | None = None) -> HTMLResponse:
    """Return a page. body : HTML, already escaped. again : address that the browser asks for at once."""
    refresh = "" if again is None else f'<meta http-equiv="refresh" content="0;url={escape(again, quote=True)}">'
    html = (
        f'<!doctype html><html lang="{document_language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{refresh}'
        f'<meta name="referrer" content="same-origin"><title>{escape(title)} · sensor_hub</title>'
        f'<link rel="stylesheet" href="{STYLE_URL}"></head><body class="plain"><div class="page">'
        f'<header class="top"><h1>{escape(title)}</h1></header><main class="body">{body}</main></div></body></html>'
    )
    # With "no-referrer" a browser sends a plain form with the Origin "null", which the guard takes for a foreign page.
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(html, status_code, headers)


def told_page(
    title: str, text: str, *, link: tuple[str, str] | None = None, status_code: int = 200, again: str | None = None
) -> HTMLResponse:
    """Return a page of one sentence, and a link (address, text)."""
    told = f"<p>{escape(text)}</p>" if text else ""
    if link is not None:
        told += f'<p><a class="button" href="{escape(link[0], quote=True)}">{escape(link[1])}</a></p>'
    return plain_page(title, f'<section class="card">{told}</section>', status_code=status_code, again=again)
