"""How whoever looks at a page is spoken to: their own choice in a cookie, or the hub's; it stays with an open page.

Requests for pages carry the choice. A page that is open keeps the one it was made with, also in what its timers and its
WebSocket do later: a form never reads miles as kilometres because somebody chose otherwise in another tab. Programs,
which have no cookie, are spoken to as the hub speaks by default; their numbers are SI anyhow.
"""

import contextvars
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar, cast
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from nicegui import Client, run, ui
from nicegui.language import Language
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sensor_hub.adapters.web.asking import cookie_name, cookie_of
from sensor_hub.adapters.web.document_language import document_language
from sensor_hub.adapters.web.needs import signed_in
from sensor_hub.words import languages, manner
from sensor_hub.words.manner import LENGTH_UNITS, LengthUnit, Manner

SPOKEN: Final = "sensor_hub.manner"
SHOW_URL: Final = "/api/show"
_WHAT: Final = "-show"
_KEPT_S: Final = 365 * 86_400
_CHOSEN: Final = re.compile(r"(?P<distance>km|mi)-(?P<language>[A-Za-z_]{2,6})")
P = ParamSpec("P")
R = TypeVar("R")


class Spoken:
    """ASGI middleware: speaks within a request as whoever asks chose, within an open page as it was made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in their manner."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        chosen = _of_open_page(scope) or chosen_in(scope)
        scope[SPOKEN] = chosen or manner.default()
        with manner.speaking(chosen):
            await self.app(scope, receive, send)


def _of_open_page(scope: Scope) -> Manner | None:
    """What a page was made in whose own connection this is."""
    if not scope["path"].startswith("/_nicegui_ws"):
        return None
    (client_id, *_more) = parse_qs(scope["query_string"].decode("latin-1")).get("client_id", [""])
    client = Client.instances.get(client_id)
    request = getattr(client, "request", None)
    return None if request is None else cast("Manner | None", request.scope.get(SPOKEN))


def chosen_in(scope: Scope) -> Manner | None:
    """What a browser's cookie says; None without a choice, or where its language is no longer there."""
    found = _CHOSEN.fullmatch(cookie_of(scope, cookie_name(scope, _WHAT)) or "")
    if found is None or found["language"] not in languages():
        return None
    return Manner(found["language"], cast("LengthUnit", found["distance"]))


class SpokenPage(ui.page):
    """A page whose document says in which language it is."""

    def resolve_language(self) -> Language:
        """Return the language of the moment as browsers name it; American English where NiceGUI has no such words."""
        return document_language()


class Carrying(ThreadPoolExecutor):
    """Threads that speak as whoever gives them work: what they say about it is for the same person."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Do it in a copy of the context of this moment."""
        context = contextvars.copy_context()
        return super().submit(lambda: context.run(fn, *args, **kwargs))


def carry_to_threads() -> None:
    """Have what pages do in threads speak as the page does."""
    if not isinstance(run.thread_pool, Carrying):
        run.thread_pool.shutdown(wait=False)
        run.thread_pool = Carrying()


class Choice(BaseModel):
    """How somebody wants to be spoken to."""

    model_config = ConfigDict(extra="forbid")

    distance: LengthUnit = Field(description=f"One of {', '.join(LENGTH_UNITS)}.")
    language: str = Field(max_length=6, description="Of a catalogue the hub has, such as en.")


def show_router() -> APIRouter:
    """Where a page sends what was chosen; the answer keeps it in the browser for a year."""
    router = APIRouter(dependencies=[signed_in()])

    @router.post(SHOW_URL, include_in_schema=False)
    async def choose(choice: Choice, request: Request) -> Response:
        if choice.language not in languages():
            return JSONResponse({"detail": f"there is no catalogue for {choice.language!r}"}, 422)
        answer = Response(status_code=204)
        answer.set_cookie(
            cookie_name(request.scope, _WHAT), f"{choice.distance}-{choice.language}", max_age=_KEPT_S, path="/",
            secure=request.url.scheme == "https", httponly=True, samesite="strict",
        )  # fmt: skip
        return answer

    return router
