"""The FastAPI application: REST, style sheet and NiceGUI's pages behind one guard; nothing comes from another host."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, FastAPI
from nicegui import Client, core, ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sensor_hub.adapters.web.asking import Asking, Door
from sensor_hub.adapters.web.coach_page import coach_router
from sensor_hub.adapters.web.guard import Guard
from sensor_hub.adapters.web.installing import ICON, ICON_URL, MANIFEST, MANIFEST_TYPE, MANIFEST_URL
from sensor_hub.adapters.web.live_channel import Live, live_router
from sensor_hub.adapters.web.look import FAVICON, FAVICON_URL, STYLE, STYLE_URL
from sensor_hub.adapters.web.needs import REFUSED, anyone, needs, signed_in
from sensor_hub.adapters.web.pages import ACCOUNTS, PAGES, register
from sensor_hub.adapters.web.problems import add_handlers
from sensor_hub.adapters.web.report_page import report_router
from sensor_hub.adapters.web.rest import api_router
from sensor_hub.adapters.web.rest_accounts import accounts_router
from sensor_hub.adapters.web.rest_report import rest_report_router
from sensor_hub.adapters.web.rest_writing import writing_routers
from sensor_hub.adapters.web.scripts import COACH
from sensor_hub.adapters.web.seen import HUB, SIDE
from sensor_hub.adapters.web.sign_in import sign_in_router
from sensor_hub.adapters.web.spoken import Spoken, carry_to_threads, show_router
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.access import Action
from sensor_hub.model.ports import Accounts, HubView

OPENAPI_URL = "/api/openapi.json"
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
LARGEST_BODY_BYTES: Final = 2 << 20  # of JSON and of what pages send; a file that is imported has a limit of its own


def create_app(
    view: HubView,
    writing: WriteSide | None = None,
    *,
    accounts: Accounts | None = None,
    extra_routers: Sequence[tuple[APIRouter, Action]] = (),
    allowed_hosts: Iterable[str] = (),
    proxies: Sequence[str] = (),
    storage_secret: str | None = None,
) -> FastAPI:
    """Return the application for a hub.

    Parameters
    ----------
    view
        The hub's read side. REST calls it from worker threads, the pages from the server's event loop.
    writing
        What a history is edited with; None leaves everything to be read only. Called from worker threads.
    accounts
        Who may sign in. None, or none in use: this machine may do everything, and any other nothing.
    extra_routers
        Further routes, each with the right it needs.
    allowed_hosts
        Names besides ``localhost`` and bare IP addresses under which the hub may be asked, such as ``hub.local``.
    proxies
        Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
    storage_secret
        None, as the pages need: NiceGUI sets no cookie. A text would sign a session cookie of its own.

    Notes
    -----
    NiceGUI keeps one set of pages and middlewares a process: several applications may be made one after another, and
    each request meets the view of its own, but only one may be served at a time.
    """
    app = FastAPI(
        title="sensor_hub", version=version("sensor-hub"), summary="A runner's modelled push-off load.",
        openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan, max_body_size=LARGEST_BODY_BYTES,
    )  # fmt: skip
    writing = WriteSide() if writing is None else writing
    door = Door(view, writing.guide, accounts)
    app.state.jobs = writing.jobs
    app.state.live = Live(view, writing.guide)
    app.include_router(live_router(app.state.live))
    app.include_router(sign_in_router(door))
    app.include_router(show_router())
    for router in writing_routers(writing):
        app.include_router(router)
    if accounts is not None:
        app.include_router(accounts_router(accounts))
    for router, action in extra_routers:
        app.include_router(router, dependencies=[needs(action)], responses=REFUSED)
    app.add_api_route(
        OPENAPI_URL, lambda: JSONResponse(app.openapi()), include_in_schema=False, dependencies=[signed_in()]
    )
    app.include_router(coach_router())
    app.include_router(report_router())
    app.include_router(rest_report_router())
    app.include_router(api_router())  # last: it answers for every path that is none
    app.add_api_route(STYLE_URL, _style, include_in_schema=False, dependencies=[anyone()])
    for url, source in COACH.by_url.items():
        app.add_api_route(url, _script(source), include_in_schema=False, dependencies=[anyone()])
    app.add_api_route(ICON_URL, _icon, include_in_schema=False, dependencies=[anyone()])
    app.add_api_route(MANIFEST_URL, _manifest, include_in_schema=False, dependencies=[anyone()])
    app.add_api_route(FAVICON_URL, _favicon, include_in_schema=False, dependencies=[anyone()])
    add_handlers(app)
    _forget_earlier_middlewares()
    for page in PAGES:
        register(page)
    ui.run_with(
        app, title="sensor_hub", favicon=FAVICON, dark=None, language="en-US", tailwind=False,
        storage_secret=storage_secret, gzip_middleware_factory=None, show_welcome_message=False,
        binding_refresh_interval=None,
    )  # fmt: skip
    _without_loading_bar()
    app.add_middleware(_WithHub, held={HUB: view, SIDE: writing, ACCOUNTS: accounts})
    app.add_middleware(Asking, door=door)
    app.add_middleware(Spoken)
    carry_to_threads()
    app.add_middleware(Guard, allowed_hosts=allowed_hosts)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(proxies))
    return app


class _WithHub:
    """ASGI middleware: lets a page find the hub of the application it was asked through."""

    def __init__(self, app: ASGIApp, held: dict[str, object]) -> None:
        self.app, self._held = app, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.update(self._held)
        await self.app(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # The WebSocket server starts its watch over dead connections once; a second application needs it again.
    core.sio.eio.start_service_task = True
    core.sio.eio.service_task_event = None  # of the one before, whose watch nobody can wait for twice
    yield
    app.state.jobs.close()
    await app.state.live.close()
    await core.sio.shutdown()
    # A browser that comes back to a later application must find nothing, or it would keep a page without a pulse.
    for client in list(Client.instances.values()):
        client.delete()


def _without_loading_bar() -> None:
    # Quasar's bar runs with every request in the background, and a screen reader tells each as a progress without name.
    core.app.config.quasar_config["loadingBar"] = {"skipHijack": True}


def _forget_earlier_middlewares() -> None:
    core.app.user_middleware.clear()
    core.app.middleware_stack = None


async def _icon() -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


async def _manifest() -> Response:
    return Response(MANIFEST, media_type=MANIFEST_TYPE, headers={"Cache-Control": "public, max-age=86400"})


async def _favicon() -> Response:
    return Response(FAVICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


async def _style() -> Response:
    return Response(STYLE, media_type="text/css", headers=_FOR_EVER)


def _script(source: bytes) -> Callable[[], Awaitable[Response]]:
    async def script() -> Response:
        return Response(source, media_type="text/javascript", headers=_FOR_EVER)

    return script
