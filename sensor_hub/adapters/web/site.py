"""The FastAPI application: REST, style sheet and NiceGUI's pages behind one guard; nothing comes from another host."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from nicegui import Client, core, ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sensor_hub.adapters.web import labels, run_labels
from sensor_hub.adapters.web.about_page import AboutPage
from sensor_hub.adapters.web.coach import CoachPage
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import ABOUT_PATH, Frame
from sensor_hub.adapters.web.guard import Guard
from sensor_hub.adapters.web.look import FAVICON, STYLE, STYLE_URL
from sensor_hub.adapters.web.rest import api_router
from sensor_hub.adapters.web.rest_writing import writing_routers
from sensor_hub.adapters.web.runner import RunnerPage
from sensor_hub.adapters.web.session_page import SessionPage
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import EditError, RegistryError, SensorHubError
from sensor_hub.model.ports import HubView

_VIEW: Final = "sensor_hub.view"


def create_app(
    view: HubView,
    writing: WriteSide | None = None,
    *,
    allowed_hosts: Iterable[str] = (),
    storage_secret: str | None = None,
) -> FastAPI:
    """Return the application for a hub.

    Parameters
    ----------
    view
        The hub's read side. REST calls it from worker threads, the pages from the server's event loop.
    writing
        What a history is edited with, and who may; None leaves everything to be read only. Called from worker threads.
    allowed_hosts
        Names besides ``localhost`` and bare IP addresses under which the hub may be asked, such as ``hub.local``.
    storage_secret
        None, as the pages need: no cookie is ever set. A text would sign a session cookie of NiceGUI's.

    Notes
    -----
    NiceGUI keeps one set of pages and middlewares a process: several applications may be made one after another, and
    each request meets the view of its own, but only one may be served at a time.
    """
    app = FastAPI(
        title="sensor_hub", version=version("sensor-hub"), summary="A runner's modelled push-off load.",
        openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, lifespan=_lifespan,
    )  # fmt: skip
    writing = WriteSide() if writing is None else writing
    for router in writing_routers(view, writing):
        app.include_router(router)
    app.include_router(api_router(view))  # last: it answers for every path that is none
    app.add_exception_handler(SensorHubError, _unreadable)
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(EditError, _cannot_be)
    app.add_exception_handler(RegistryError, _cannot_be)
    app.add_api_route(STYLE_URL, _style, include_in_schema=False)
    _forget_earlier_middlewares()
    ui.page("/", title="sensor_hub")(_coach_page)
    ui.page("/athlete/{athlete}", title="sensor_hub")(_runner_page)
    ui.page("/session/{sid}", title="sensor_hub")(_session_page)
    ui.page(ABOUT_PATH, title="sensor_hub")(_about_page)
    ui.page("/{path:path}", title="sensor_hub")(_unknown_page)
    ui.run_with(
        app, title="sensor_hub", favicon=FAVICON, dark=None, language="en-US", tailwind=False,
        storage_secret=storage_secret, gzip_middleware_factory=None, show_welcome_message=False,
        binding_refresh_interval=None,
    )  # fmt: skip
    app.add_middleware(_WithView, view=view)
    app.add_middleware(Guard, allowed_hosts=allowed_hosts)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    return app


class _WithView:
    """ASGI middleware: lets a page find the view of the application it was asked through."""

    def __init__(self, app: ASGIApp, view: HubView) -> None:
        self.app, self.view = app, view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_VIEW] = self.view
        await self.app(scope, receive, send)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    # The WebSocket server starts its watch over dead connections once; a second application needs it again.
    core.sio.eio.start_service_task = True
    yield
    await core.sio.shutdown()
    # A browser that comes back to a later application must find nothing, or it would keep a page without a pulse.
    for client in list(Client.instances.values()):
        client.delete()


def _forget_earlier_middlewares() -> None:
    core.app.user_middleware.clear()
    core.app.middleware_stack = None


def _coach_page(request: Request) -> None:
    CoachPage(request.scope[_VIEW])


def _runner_page(request: Request, athlete: str) -> None:
    view: HubView = request.scope[_VIEW]
    try:
        found = view.athlete(athlete)
    except SensorHubError as problem:
        _unreadable_page(problem)
        return
    if found is None:
        _not_found(labels.athlete_unknown(), labels.athlete_unknown_text())
        return
    RunnerPage(view, found)


def _session_page(request: Request, sid: str) -> None:
    view: HubView = request.scope[_VIEW]
    try:
        found = view.session(sid)
    except SensorHubError as problem:
        _unreadable_page(problem)
        return
    if found is None:
        _not_found(run_labels.session_unknown(), run_labels.session_unknown_text())
        return
    SessionPage(view, found)


def _about_page() -> None:
    AboutPage()


def _unreadable_page(problem: SensorHubError) -> None:
    ui.context.client.status_code = 503
    Frame(labels.hub_unreadable(), back=True).trouble(str(problem))


def _unknown_page(path: str) -> None:
    _not_found(labels.page_unknown(), labels.page_unknown_text(path))


def _not_found(title: str, text: str) -> None:
    ui.context.client.status_code = 404
    with Frame(title, back=True).body:
        Tag("p", text)


async def _unreadable(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, status_code=503)


async def _cannot_be(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, status_code=409)


async def _unusable(_: Request, problem: Exception) -> Response:
    """Name the fields, and echo no value: a NaN in it could not be told in JSON."""
    errors = problem.errors() if isinstance(problem, RequestValidationError) else []
    detail = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in errors]
    return JSONResponse({"detail": detail}, status_code=422)


async def _style() -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(STYLE, media_type="text/css", headers=headers)
