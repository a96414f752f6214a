"""The FastAPI application: REST, style sheet and NiceGUI's pages behind one guard; nothing comes from another host."""

from collections.abc import AsyncIterator, Callable, Iterable
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
from sensor_hub.adapters.web.data_page import DataPage
from sensor_hub.adapters.web.diary_page import DiaryPage
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import ABOUT_PATH, Frame
from sensor_hub.adapters.web.guard import Guard
from sensor_hub.adapters.web.look import FAVICON, STYLE, STYLE_URL
from sensor_hub.adapters.web.plan_page import PlanPage
from sensor_hub.adapters.web.rest import api_router
from sensor_hub.adapters.web.rest_writing import writing_routers
from sensor_hub.adapters.web.roster_page import RosterPage
from sensor_hub.adapters.web.rules_page import AthleteRulesPage, RulesPage
from sensor_hub.adapters.web.runner import RunnerPage
from sensor_hub.adapters.web.runs_page import RunsPage
from sensor_hub.adapters.web.session_page import SessionPage
from sensor_hub.adapters.web.shoes_page import ShoesPage
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import EditError, RegistryError, SensorHubError
from sensor_hub.model.ports import AthleteView, HubView

_VIEW: Final = "sensor_hub.view"
_WRITING: Final = "sensor_hub.writing"


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
    app.state.jobs = writing.jobs
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
    ui.page("/athlete/{athlete}/runs", title="sensor_hub")(_runs_page)
    ui.page("/athlete/{athlete}/diary", title="sensor_hub")(_diary_page)
    ui.page("/athlete/{athlete}/plan", title="sensor_hub")(_plan_page)
    ui.page("/athlete/{athlete}/rules", title="sensor_hub")(_athlete_rules_page)
    ui.page("/rules", title="sensor_hub")(_rules_page)
    ui.page("/athlete/{athlete}/shoes", title="sensor_hub")(_shoes_page)
    ui.page("/athlete/{athlete}/data", title="sensor_hub")(_data_page)
    ui.page("/roster", title="sensor_hub")(_roster_page)
    ui.page("/session/{sid}", title="sensor_hub")(_session_page)
    ui.page(ABOUT_PATH, title="sensor_hub")(_about_page)
    ui.page("/{path:path}", title="sensor_hub")(_unknown_page)
    ui.run_with(
        app, title="sensor_hub", favicon=FAVICON, dark=None, language="en-US", tailwind=False,
        storage_secret=storage_secret, gzip_middleware_factory=None, show_welcome_message=False,
        binding_refresh_interval=None,
    )  # fmt: skip
    app.add_middleware(_WithView, view=view, writing=writing)
    app.add_middleware(Guard, allowed_hosts=allowed_hosts)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    return app


class _WithView:
    """ASGI middleware: lets a page find the view of the application it was asked through."""

    def __init__(self, app: ASGIApp, view: HubView, writing: WriteSide) -> None:
        self.app, self.view, self.writing = app, view, writing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_VIEW], scope[_WRITING] = self.view, self.writing
        await self.app(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # The WebSocket server starts its watch over dead connections once; a second application needs it again.
    core.sio.eio.start_service_task = True
    yield
    app.state.jobs.close()
    await core.sio.shutdown()
    # A browser that comes back to a later application must find nothing, or it would keep a page without a pulse.
    for client in list(Client.instances.values()):
        client.delete()


def _forget_earlier_middlewares() -> None:
    core.app.user_middleware.clear()
    core.app.middleware_stack = None


def _coach_page(request: Request) -> None:
    writing: WriteSide = request.scope[_WRITING]
    CoachPage(
        request.scope[_VIEW],
        roster=writing.roster is not None,
        rules=writing.rules is not None,
        backup=writing.data is not None and writing.refusal(request.scope) is None,
    )


def _of_athlete(request: Request, athlete: str, show: Callable[[HubView, AthleteView], object]) -> None:
    """Show a page about an athlete, or why there is none."""
    view: HubView = request.scope[_VIEW]
    try:
        found = view.athlete(athlete)
        if found is not None:
            show(view, found)
    except SensorHubError as problem:
        _unreadable_page(problem)
        return
    if found is None:
        _not_found(labels.athlete_unknown(), labels.athlete_unknown_text())


def _runner_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    refusal = writing.refusal(request.scope)
    _of_athlete(request, athlete, lambda view, found: RunnerPage(view, found, writing, refusal))


def _runs_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    keeping = writing.keeping
    if keeping is None:
        _unknown_page(request.url.path)
        return
    refusal = writing.refusal(request.scope)
    _of_athlete(request, athlete, lambda view, found: RunsPage(view, writing, keeping, found.tile.athlete, refusal))


def _diary_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    guide = writing.guide
    if guide is None:
        _unknown_page(request.url.path)
        return
    refused = writing.refusal(request.scope) is not None
    _of_athlete(
        request, athlete, lambda view, found: DiaryPage(view, writing, guide, found.tile.athlete, refused=refused)
    )


def _plan_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    guide = writing.guide
    if guide is None:
        _unknown_page(request.url.path)
        return
    refused = writing.refusal(request.scope) is not None
    _of_athlete(request, athlete, lambda _view, found: PlanPage(writing, guide, found.tile.athlete, refused=refused))


def _athlete_rules_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    guide, book = writing.guide, writing.rules
    if guide is None or book is None:
        _unknown_page(request.url.path)
        return
    refused = writing.refusal(request.scope) is not None
    _of_athlete(
        request,
        athlete,
        lambda _view, found: AthleteRulesPage(writing, guide, book, found.tile.athlete, refused=refused),
    )


def _rules_page(request: Request) -> None:
    writing: WriteSide = request.scope[_WRITING]
    if writing.rules is None:
        _unknown_page(request.url.path)
        return
    RulesPage(writing, writing.rules)


def _shoes_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    keeping, data = writing.keeping, writing.data
    if keeping is None or data is None:
        _unknown_page(request.url.path)
        return
    refusal = writing.refusal(request.scope)
    _of_athlete(
        request, athlete, lambda view, found: ShoesPage(view, writing, keeping, data, found.tile.athlete, refusal)
    )


def _data_page(request: Request, athlete: str) -> None:
    writing: WriteSide = request.scope[_WRITING]
    data = writing.data
    if data is None:
        _unknown_page(request.url.path)
        return
    refusal = writing.refusal(request.scope)
    _of_athlete(request, athlete, lambda _view, found: DataPage(writing, data, found.tile.athlete, refusal))


def _roster_page(request: Request) -> None:
    writing: WriteSide = request.scope[_WRITING]
    if writing.roster is None:
        _unknown_page(request.url.path)
        return
    try:
        RosterPage(request.scope[_VIEW], writing.roster, writing.refusal(request.scope))
    except SensorHubError as problem:
        _unreadable_page(problem)


def _session_page(request: Request, sid: str) -> None:
    view: HubView = request.scope[_VIEW]
    writing: WriteSide = request.scope[_WRITING]
    try:
        kept = writing.keeping.kept(sid) if writing.keeping is not None else None
        found = view.session(sid) if kept is None else kept.summary
    except SensorHubError as problem:
        _unreadable_page(problem)
        return
    if found is None:
        _not_found(run_labels.session_unknown(), run_labels.session_unknown_text())
        return
    SessionPage(view, found, writing, writing.refusal(request.scope))


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
