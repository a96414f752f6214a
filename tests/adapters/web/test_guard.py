import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from sensor_hub.adapters.web.guard import Guard, host_is_allowed, origin_is_own
from tests.adapters.web.asgi import Browser

NAMES = frozenset({"localhost", "hub.local"})


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "LOCALHOST.", "hub.local:80", "127.0.0.1:8080", "192.168.1.20", "[::1]:8080"],
)
def test_own_names_and_addresses_are_answered(host: str) -> None:
    assert host_is_allowed(host, NAMES)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "[", "user@", "2130706433"]
)
def test_foreign_names_are_not_answered(host: str) -> None:
    assert not host_is_allowed(host, NAMES)


@given(st.text(max_size=40))
def test_any_host_header_is_judged_without_a_crash(host: str) -> None:
    assert host_is_allowed(host, NAMES) in {True, False}


async def _page(request: object) -> HTMLResponse:
    return HTMLResponse("<!doctype html><script>1</script><script src=x></script><p>&lt;script></p>")


async def _slow_page(request: object) -> StreamingResponse:
    return StreamingResponse(iter(["<scr", "ipt>1</script>"]), media_type="text/html")


async def _text(request: object) -> PlainTextResponse:
    return PlainTextResponse("<script>")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def client(host: str = "localhost") -> Browser:
    routes = [
        Route("/", _page),
        Route("/slow", _slow_page),
        Route("/text", _text),
        WebSocketRoute("/ws", _socket),
    ]
    return Browser(Guard(Starlette(routes=routes), allowed_hosts=["hub.local"]), host)


def test_a_rebound_name_is_refused_and_told_how_to_be_allowed() -> None:
    response = client("evil.example").get("/")
    assert response.status_code == 421
    assert "'evil.example'; add it to its allowed hosts" in response.json()["detail"]


def test_a_foreign_origin_is_refused() -> None:
    assert client().get("/text", headers={"Origin": "http://evil.example"}).status_code == 421
    assert client().get("/text", headers={"Origin": "null"}).status_code == 421
    assert client().get("/text", headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://203.0.113.5", "http://127.0.0.1", "http://[::1]:8080", "http://localhost"])
def test_a_page_of_another_machine_or_port_is_refused_though_its_address_is_bare(origin: str) -> None:
    for host in ("192.168.1.20:8080", "127.0.0.1:8080", "localhost:8080"):
        response = client(host).get("/text", headers={"Origin": origin})
        assert (response.status_code, origin in response.json()["detail"]) == (421, True)
        assert client(host).websocket_answer("/ws", origin) == "websocket.close"
        assert client(host).websocket_answer("/ws", f"http://{host}") == "websocket.accept"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8080", "localhost:8080"), ("http://hub.local", "HUB.local."),
        ("https://hub.local", "hub.local"),
        ("http://hub.local", "hub.local:80"), ("https://hub.local", "hub.local:443"), ("HTTP://[::1]:81", "[::1]:81"),
    ],
)  # fmt: skip
def test_an_origin_that_names_the_host_that_was_asked_is_our_own(origin: str, host: str) -> None:
    assert origin_is_own(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", "localhost:8080", "//localhost:8080", "ftp://localhost:8080", "file://localhost:8080",
        "http://", "http://localhost", "https://localhost", "http://localhost:8081", "http://localhost:x",
        "http://localhost:8080/", "http://me@localhost:8080", "http://localhost:8080@evil.example",
        "http://localhost:8080#evil.example", "http://localhost.evil.example:8080", "http://[", "http://127.0.0.1:8080",
    ],
)  # fmt: skip
def test_any_other_origin_is_foreign(origin: str) -> None:
    assert not origin_is_own(origin, "localhost:8080")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_origin_is_judged_without_a_crash(origin: str, host: str) -> None:
    assert origin_is_own(origin, host) in {True, False}
    assert origin_is_own(f"http://{origin}", host) in {True, False}


def test_a_foreign_page_cannot_open_a_websocket() -> None:
    assert client("hub.local").websocket_answer("/ws", "http://hub.local") == "websocket.accept"
    assert client("hub.local").websocket_answer("/ws", "http://evil.example") == "websocket.close"
    assert client("evil.example").websocket_answer("/ws", "http://evil.example") == "websocket.close"


@pytest.mark.parametrize("path", ["/", "/slow"])
def test_every_script_of_a_page_carries_the_nonce_of_its_policy(path: str) -> None:
    first, second = client().get(path), client().get(path)
    nonces = re.findall(r"<script nonce=\"([^\"]+)\"", first.text)
    assert len(nonces) == first.text.count("</script>")
    assert len(set(nonces)) == 1
    policy = first.headers["content-security-policy"]
    assert f"script-src 'self' 'nonce-{nonces[0]}' 'unsafe-eval';" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert nonces[0] not in second.text, "a nonce is used once"
    assert int(first.headers["content-length"]) == len(first.content)


def test_what_is_not_a_page_is_left_as_it_is() -> None:
    response = client().get("/text")
    assert response.text == "<script>"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
