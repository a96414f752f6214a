"""What stands before every request: who may ask, and what a browser may do with the answer.

Host check: a web page of somebody else can point its own name at this machine (DNS rebinding) and read what it likes.
Such a request carries that name in its Host header, so only names listed here and bare IP addresses, which no foreign
page can claim, are answered. A page served from another address of the network is foreign too: where a browser sends an
Origin, which it does for every WebSocket, it must name the very host and port that were asked.

Content security policy: scripts run only from this host or with the page's nonce. NiceGUI compiles its templates in
the browser, which needs ``unsafe-eval``, and sets style attributes, which needs ``unsafe-inline`` for styles.
"""

import ipaddress
import re
import secrets
from collections.abc import Iterable, MutableMapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES: Final = ("localhost",)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FOR_EVERYBODY: Final = ("/assets/", "/_nicegui/", "/favicon.ico")  # the same bytes, whoever asks
_FILE_SENT: Final = frozenset((200, 206, 304))
_SCRIPT: Final = re.compile(rb"<script(?=[\s>])")
_FIXED_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_security_policy(nonce: str) -> str:
    """Return the policy of a page whose script elements carry this nonce."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def host_is_allowed(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header names this machine: a listed name or an IP address."""
    try:
        name = _name(urlsplit(f"//{host}"))
    except ValueError:
        return False
    if name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def origin_is_own(origin: str, host: str) -> bool:
    """Whether an Origin header names the same host and port as the Host header; a port not named is its scheme's."""
    scheme, _, rest = origin.partition("://")
    default_port = _DEFAULT_PORTS.get(scheme.lower())
    if default_port is None:
        return False
    try:
        asking, asked = urlsplit(f"//{rest}"), urlsplit(f"//{host}")
        if asking.netloc != rest or "@" in rest:  # an origin is scheme, host and port, nothing else
            return False
        ports = (_port(asking, default_port), _port(asked, default_port))
    except ValueError:
        return False
    return bool(_name(asking)) and _name(asking) == _name(asked) and ports[0] == ports[1]


def _name(address: SplitResult) -> str:
    return (address.hostname or "").rstrip(".").lower()


def _port(address: SplitResult, default: int) -> int:
    return default if address.port is None else address.port


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, adds security headers, puts a nonce on the pages' scripts."""

    def __init__(self, app: ASGIApp, allowed_hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in (*LOOPBACK_NAMES, *allowed_hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        problem = self._problem(Headers(scope=scope))
        if problem is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign host or origin"})
        elif problem is not None:
            await JSONResponse({"detail": problem}, status_code=421)(scope, receive, send)
        else:
            await self.app(scope, receive, _Answer(scope, send) if scope["type"] == "http" else send)

    def _problem(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not host_is_allowed(host, self.names):
            return f"this hub does not answer to the name {host!r}; add it to its allowed hosts"
        origin = headers.get("origin")
        if origin is not None and not origin_is_own(origin, host):
            return f"this hub does not answer pages of {origin!r}"
        return None


class _Answer:
    """Sends one response on, with headers; HTML is held back until it is whole and then gets its nonce."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._is_encrypted = scope["scheme"] == "https"
        self._is_for_everybody = scope["path"].startswith(_FOR_EVERYBODY)
        self._nonce = secrets.token_urlsafe(16)
        self._held: MutableMapping[str, Any] | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _FIXED_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", content_security_policy(self._nonce))
            if self._is_encrypted:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            is_file = self._is_for_everybody and message["status"] in _FILE_SENT
            if not is_file:  # a page, or what it shows, is about somebody
                headers["Cache-Control"] = "no-store"
            if headers.get("content-type", "").startswith("text/html"):
                self._held = message
                return
        if self._held is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), bytes(self._body))
        MutableHeaders(scope=self._held)["content-length"] = str(len(body))
        await self._send(self._held)
        await self._send({"type": "http.response.body", "body": body})
