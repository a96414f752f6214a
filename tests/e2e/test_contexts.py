"""Contexts that are kept between tests: what is loaded stays in their caches, nothing of one test shows in the next."""

from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.contexts import Contexts

pytestmark = pytest.mark.browser
LEFT = """async () => {
  localStorage.setItem('kept', 'x'); sessionStorage.setItem('kept', 'x'); document.cookie = 'kept=x'; window.name = 'x';
  await caches.open('kept');
  await new Promise((done) => { indexedDB.open('kept').onsuccess = done; });
}"""
FOUND = """async () => [localStorage.length, sessionStorage.length, document.cookie, window.name, await caches.keys(),
  (await indexedDB.databases()).length, (await navigator.permissions.query({name: 'geolocation'})).state]"""


class _Site(BaseHTTPRequestHandler):
    def __init__(self, asked: list[str], *arguments: object) -> None:
        self.asked = asked
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        is_script = self.path == "/script.js"
        body = b"window.loaded = 1" if is_script else b"<!doctype html><script src=/script.js></script><h1>A page</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600" if is_script else "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def url(asked: list[str]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site, asked))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Contexts]:
    contexts = Contexts(browser)
    yield contexts
    contexts.close()


def opened(contexts: Contexts, url: str, **options: object) -> Page:
    page = contexts.page(**{"viewport": PHONE, **options})  # type: ignore[arg-type]
    page.goto(url)
    return page


def test_nothing_that_a_test_left_is_there_for_the_next(contexts: Contexts, url: str) -> None:
    page = opened(contexts, url, color_scheme="dark")
    clean = page.evaluate(FOUND)
    page.evaluate(LEFT)
    first = page.context
    first.grant_permissions(["geolocation"])
    assert page.evaluate(FOUND) != clean
    first.route("**/script.js", lambda route: route.abort())
    first.set_extra_http_headers({"X-Kept": "x"})
    first.set_offline(True)
    contexts.take_back()
    page = opened(contexts, url)
    assert page.context is first
    assert page.evaluate(FOUND) == clean
    assert page.evaluate("[loaded, matchMedia('(prefers-color-scheme: dark)').matches]") == [1, False]
    assert [one.url for one in page.context.pages] == ["http://127.0.0.1/", page.url]


def test_what_a_page_loads_is_fetched_once(contexts: Contexts, url: str, asked: list[str]) -> None:
    for viewport in (PHONE, DESK):
        assert opened(contexts, url, viewport=viewport).evaluate("innerWidth") == viewport["width"]
        contexts.take_back()
    assert [path for path in asked if path != "/favicon.ico"] == ["/", "/script.js", "/"]


def test_two_pages_of_one_test_are_of_two_people(contexts: Contexts, url: str) -> None:
    first, second = opened(contexts, url), opened(contexts, url)
    first.evaluate(LEFT)
    assert second.evaluate("[localStorage.length, document.cookie]") == [0, ""]


def test_options_that_are_rare_make_a_context_of_one_test(contexts: Contexts, url: str) -> None:
    page = opened(contexts, url, timezone_id="Pacific/Auckland")
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Pacific/Auckland"
    context = opened(contexts, url, java_script_enabled=False).context
    contexts.take_back()
    assert opened(contexts, url, java_script_enabled=False).context is not context


def test_what_cannot_be_undone_is_refused(contexts: Contexts, url: str) -> None:
    with pytest.raises(AssertionError, match="one of your own"):
        opened(contexts, url).context.add_init_script("1")
