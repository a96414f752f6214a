"""Who asks: found once a request, before any page or route; who is nobody gets no further than the page to sign in.

While nobody has an account this machine is the operator and every other one is told how to make an account. From the
first account on everybody signs in: a browser with a cookie, a program with a token.
"""

import ipaddress
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import rights as rights_of
from sensor_hub.adapters.web.guard import LOOPBACK_NAMES
from sensor_hub.adapters.web.installing import ICON_URL, MANIFEST_URL
from sensor_hub.adapters.web.look import FAVICON_URL, STYLE_URL
from sensor_hub.adapters.web.plain_page import told_page
from sensor_hub.adapters.web.rights import RIGHTS, Rights
from sensor_hub.adapters.web.scripts import COACH
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import Asker
from sensor_hub.model.ports import Accounts, Guide, HubView

_LOG = logging.getLogger(__name__)
SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
HEALTH: Final = "/api/health"
LIVE: Final = "/api/live"
SIGNED_OUT: Final = 4401  # closes a WebSocket of whoever has not signed in, or no longer has
_OPEN: Final = frozenset((SIGN_IN, SIGN_OUT, HEALTH))
# the same for everybody, and about nobody
_FILES: Final = frozenset((STYLE_URL, FAVICON_URL, ICON_URL, MANIFEST_URL, *COACH.urls))
_FOR_PROGRAMS: Final = ("/api", "/metrics")
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
_COOKIE: Final = re.compile(r"(?P<name>(?:__Host-)?sensor-hub(?:-form|-show)?)=(?P<value>[A-Za-z0-9_-]{1,200})")
_WITHOUT_EFFECT: Final = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(frozen=True, slots=True)
class Door:
    """What an application needs to find out who asks. accounts : None where nobody can have one (a page in a test)."""

    view: HubView
    guide: Guide | None = None
    accounts: Accounts | None = None

    def in_use(self) -> bool:
        """Whether everybody signs in."""
        return self.accounts is not None and self.accounts.in_use()

    def rights(self, scope: Scope) -> Rights:
        """Return the rights of whoever sent a request."""
        ask = self._ask(scope)
        version: Callable[[], int] = (lambda: 0) if self.accounts is None else self.accounts.version
        by: rights_of.By = "api" if is_for_programs(scope["path"]) else "page"
        found = Rights(ask, self.view, self.guide, version, by=by)
        found.asker()
        return found

    def _ask(self, scope: Scope) -> Callable[[], Asker]:
        accounts = self.accounts
        if accounts is None or not accounts.in_use():
            return rights_of.of_machine(accounts) if is_this_machine(scope) else rights_of.of_nobody
        token = token_of(scope)
        if token is not None:
            is_fine = is_for_programs(scope["path"]) and is_private(scope)
            return rights_of.of_token(accounts, token) if is_fine else rights_of.of_nobody
        secret = secret_of(scope)
        return rights_of.of_nobody if secret is None else rights_of.of_session(accounts, secret)


class Asking:
    """ASGI middleware: puts the rights of whoever asks into the scope, and turns nobody away."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who asks, then pass on or refuse."""
        if scope["type"] in {"http", "websocket"}:
            _leave_own_cookies(scope)
        if scope["type"] not in {"http", "websocket"} or scope["path"] in _FILES:
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http" and (problem := _foreign(scope)) is not None:
            await JSONResponse({"detail": problem}, 403)(scope, receive, send)
            return
        try:
            rights = await run_in_threadpool(self._door.rights, scope)
            is_nobody = rights.asker().kind == "nobody"
            refusal = await run_in_threadpool(self._refusal, scope) if is_nobody else None
        except SensorHubError as problem:
            await self._unreadable(scope, receive, send, problem)
            return
        scope[RIGHTS] = rights
        if refusal is None or scope["path"] in _OPEN:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            if scope["path"] == LIVE:  # a browser tells a page why it was closed only of one that was open
                await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "not signed in"})
        else:
            await refusal(scope, receive, send)

    @staticmethod
    async def _unreadable(scope: Scope, receive: Receive, send: Send, problem: SensorHubError) -> None:
        # Who asks is not known, and the problem may name a file or a database: that is for the log.
        _LOG.warning("who asks cannot be found out: %s", problem)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1011, "reason": "accounts cannot be read"})
        else:
            await JSONResponse({"detail": labels.accounts_unreadable()}, 503)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response:
        if scope["type"] == "websocket":
            return Response(status_code=403)
        path, in_use = scope["path"], self._door.in_use()
        if is_for_programs(path) or path.startswith("/_nicegui") or scope["method"] not in {"GET", "HEAD"}:
            if not in_use:
                return JSONResponse({"detail": labels.no_accounts_yet()}, 403)
            if token_of(scope) is not None and not is_private(scope):
                return JSONResponse({"detail": labels.sent_in_the_clear()}, 403)
            return JSONResponse({"detail": labels.sign_in_first()}, 401, {"WWW-Authenticate": 'Bearer realm="hub"'})
        if not in_use:
            return told_page(labels.sign_in(), labels.no_accounts_yet(), status_code=403)
        if _is_from_elsewhere(scope):
            back = own_path(quote(path, safe="/"))
            return told_page(labels.to_the_hub(), "", link=(back, labels.to_the_hub()), again=back)
        back = "" if path == "/" else f"?next={quote(path, safe='/')}"
        return RedirectResponse(SIGN_IN + back, 303)


def _is_from_elsewhere(scope: Scope) -> bool:
    """Whether a link of another site led here: a strict cookie comes only with the next request, from our own page."""
    headers = Headers(scope=scope)
    return headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") == "navigate"


def _foreign(scope: Scope) -> str | None:
    """Why a request that changes something is not taken: another site's page set it off."""
    if scope["method"] in _WITHOUT_EFFECT:
        return None
    site = Headers(scope=scope).get("sec-fetch-site")
    return None if site in {None, "same-origin", "none"} else "a page of another site asked for this"


def is_for_programs(path: str) -> bool:
    """Whether an address answers programs: with JSON or numbers, never with a page to sign in."""
    return any(path == start or path.startswith(f"{start}/") for start in _FOR_PROGRAMS)


def cookie_name(scope: Scope, what: str = "") -> str:
    """Name of the session's cookie; over https one that no other host can set."""
    name = f"sensor-hub{what}"
    return f"__Host-{name}" if scope["scheme"] in {"https", "wss"} else name


def cookie_of(scope: Scope, name: str) -> str | None:
    """Return the value of a cookie, None without one."""
    return _own_cookies(scope).get(name)


def _own_cookies(scope: Scope) -> dict[str, str]:
    """Return the hub's own cookies as they were drawn; one that was not drawn here is none.

    Python's own reader takes seconds for a few kilobytes of backslashes (CVE-2024-7592), and anybody may send those.
    """
    parts = ";".join(Headers(scope=scope).getlist("cookie")).split(";")
    return {found["name"]: found["value"] for part in parts if (found := _COOKIE.fullmatch(part.strip())) is not None}


def _leave_own_cookies(scope: Scope) -> None:
    """Take away what other programs of this host keep in a browser: whatever reads cookies reads them all."""
    own = "; ".join(f"{name}={value}" for name, value in _own_cookies(scope).items())
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    scope["headers"] = [*headers, (b"cookie", own.encode())] if own else headers


def secret_of(scope: Scope) -> str | None:
    """Return the secret of a browser's session."""
    return cookie_of(scope, cookie_name(scope))


def token_of(scope: Scope) -> str | None:
    """Return the token that a program sent, None without one."""
    kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def peer_of(scope: Scope) -> str:
    """Return the address that tries of a password are counted by."""
    client = scope.get("client")
    return "unknown" if client is None else str(client[0])


def is_private(scope: Scope) -> bool:
    """Whether a secret may be sent this way: encrypted, or within this machine."""
    return scope["scheme"] in {"https", "wss"} or is_this_machine(scope)


def is_this_machine(scope: Scope) -> bool:
    """Whether a connection comes from this very machine, under one of its names for itself, and was not passed on.

    A proxy on the same machine that tells nothing of itself brings strangers from loopback. Most ask under another name
    than this machine's own, or in HTTP/1.0, as nginx did for long; no browser and no program of today does that.
    """
    client = scope.get("client")
    if client is None or scope.get("http_version") == "1.0":
        return False
    headers = Headers(scope=scope)
    if any(name in headers for name in _PASSED_ON):
        return False
    return _is_loopback(str(client[0]).partition("%")[0]) and _names_loopback(headers.get("host", ""))


def _names_loopback(host: str) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    return name in LOOPBACK_NAMES or _is_loopback(name)


def _is_loopback(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def own_path(text: str) -> str:
    """Return where to go after signing in: a path of this hub, or its first page."""
    is_plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    if not is_plain or not text.startswith("/") or text.startswith("//"):
        return "/"
    parts = urlsplit(text)
    leads_back = parts.path in {SIGN_IN, SIGN_OUT} or is_for_programs(parts.path)
    return "/" if parts.scheme or parts.netloc or leads_back else text
