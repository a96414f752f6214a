import secrets
import socket
import ssl
import threading
from pathlib import Path

import httpx
import pytest

from sensor_hub.adapters.web import WebServer, create_app
from sensor_hub.adapters.web.server import encryption
from sensor_hub.errors import ConfigError
from tests.adapters.web.certificates import certificate
from tests.adapters.web.hub import ScriptedHub


def test_it_listens_when_start_returns_and_is_gone_when_stop_returns() -> None:
    server = WebServer(create_app(ScriptedHub()), port=0)
    server.start()
    try:
        assert server.port > 0
        assert httpx.get(f"{server.url}/api/health").json() == {"status": "ok", "n_athletes": 6}
        page = httpx.get(server.url)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        for path in ("/athlete/nobody", "/nowhere/at/all"):
            missing = httpx.get(server.url + path)
            assert missing.status_code == 404
            assert "All runners" in missing.text
    finally:
        server.stop()
        server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    assert not [t for t in threading.enumerate() if t.name == "web"]


def test_a_second_hub_after_the_first_shows_its_own_runners() -> None:
    hub = ScriptedHub()
    hub.roster = hub.roster[:1]
    for view, n_athletes in ((ScriptedHub(), 6), (hub, 1)):
        server = WebServer(create_app(view), port=0)
        server.start()
        try:
            assert httpx.get(f"{server.url}/api/health").json()["n_athletes"] == n_athletes
            assert len(httpx.get(f"{server.url}/api/athletes").json()) == n_athletes
            assert httpx.get(f"{server.url}/athlete/ada").status_code == (200 if n_athletes > 1 else 404)
        finally:
            server.stop()


def test_pages_of_a_hub_that_cannot_be_read_say_why() -> None:
    hub = ScriptedHub()
    hub.broken = True
    server = WebServer(create_app(hub), port=0)
    server.start()
    try:
        for path, status in (("/athlete/mia", 503), ("/api/health", 503)):
            response = httpx.get(server.url + path)
            assert response.status_code == status
            assert "hub.db: disk is full (free some space)" in response.text
    finally:
        server.stop()


def test_pages_of_a_hub_that_takes_nothing_in_say_why() -> None:
    hub = ScriptedHub()
    hub.problem = "the broker does not answer (start it)"
    server = WebServer(create_app(hub), port=0)
    server.start()
    try:
        for path, status in (("/athlete/mia", 200), ("/api/health", 503)):
            response = httpx.get(server.url + path)
            assert response.status_code == status
            assert "the broker does not answer (start it)" in response.text
    finally:
        server.stop()


def test_no_cookie_is_set_even_after_an_application_that_had_a_secret() -> None:
    create_app(ScriptedHub(), storage_secret=secrets.token_urlsafe(8))
    server = WebServer(create_app(ScriptedHub(), storage_secret=None), port=0)
    server.start()
    try:
        ws = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
        for path in ("/", "/athlete/mia", "/athlete/nobody", "/nowhere", "/api/health", "/api/athletes", ws):
            response = httpx.get(server.url + path)
            assert "set-cookie" not in response.headers, path
            assert "mia" in response.text or path not in {"/athlete/mia", "/api/athletes"}
    finally:
        server.stop()


def test_a_taken_port_is_named_with_the_mend() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        server = WebServer(create_app(ScriptedHub()), port=port)
        with pytest.raises(ConfigError, match=rf"cannot listen on 127\.0\.0\.1 port {port}: .*choose another one"):
            server.start()
        server.stop()


def test_the_same_server_does_not_start_twice() -> None:
    server = WebServer(create_app(ScriptedHub()), port=0)
    server.start()
    try:
        with pytest.raises(ValueError, match="already started"):
            server.start()
    finally:
        server.stop()


def test_a_foreign_name_is_refused_and_an_allowed_one_answered() -> None:
    server = WebServer(create_app(ScriptedHub(), allowed_hosts=["hub.local"]), port=0)
    server.start()
    try:
        assert httpx.get(server.url, headers={"Host": "evil.example"}).status_code == 421
        assert httpx.get(server.url + "/api/health", headers={"Host": "hub.local"}).status_code == 200
        told = httpx.get(server.url, headers={"Host": "hub.local"})
        assert told.status_code == 403, "under another name than its own this machine may be a proxy's"
        assert "http://localhost" in told.text
        ws = f"{server.url}/_nicegui_ws/socket.io/?EIO=4&transport=polling"
        for origin in ("http://evil.example", "http://203.0.113.5", "http://127.0.0.1", "null"):
            assert httpx.get(ws, headers={"Origin": origin}).status_code == 421
        assert httpx.get(ws, headers={"Origin": server.url}).status_code == 200
    finally:
        server.stop()


def test_an_application_that_no_page_was_opened_of_ends_clean_after_one_that_had_some(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for is_visited in (True, False):
        server = WebServer(create_app(ScriptedHub()), port=0)
        server.start()
        if is_visited:
            httpx.get(f"{server.url}/_nicegui_ws/socket.io/?EIO=4&transport=polling")
        server.stop()
    assert "shutdown failed" not in caplog.text


def test_style_and_pages_point_to_no_other_host() -> None:
    server = WebServer(create_app(ScriptedHub()), port=0)
    server.start()
    try:
        page = httpx.get(server.url).text
        style = next(part for part in page.split('"') if part.startswith("/assets/style-"))
        css = httpx.get(server.url + style)
        assert css.headers["content-type"].startswith("text/css")
        assert "immutable" in css.headers["cache-control"]
        assert "http" not in css.text
        assert "import" not in css.text.replace("!important", "")
    finally:
        server.stop()


def test_with_a_certificate_it_speaks_https_and_nothing_older_than_tls_1_2(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "hub")
    server = WebServer(create_app(ScriptedHub()), port=0, cert=cert, key=key)
    server.start()
    try:
        assert server.url.startswith("https://")
        believed = ssl.create_default_context(cafile=cert)
        with httpx.Client(verify=believed) as client:
            answer = client.get(f"{server.url}/api/health")
        assert (answer.status_code, "strict-transport-security" in answer.headers) == (200, True)
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.url.replace("https", "http"))
    finally:
        server.stop()
    context = encryption(cert, key)
    assert context is not None
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert encryption(None, None) is None


@pytest.mark.parametrize("spoil", ["no key", "no file", "folder", "other key", "no pem", "swapped"])
def test_a_certificate_that_does_not_do_is_refused_by_its_name(tmp_path: Path, spoil: str) -> None:
    cert, key = certificate(tmp_path, "hub")
    other = certificate(tmp_path, "other")[1]
    junk = tmp_path / "junk.pem"
    junk.write_text("not a key")
    given = {
        "no key": (cert, None), "no file": (tmp_path / "none.pem", key), "folder": (cert, tmp_path),
        "other key": (cert, other), "no pem": (cert, junk), "swapped": (key, cert),
    }  # fmt: skip
    with pytest.raises(ConfigError, match=r"web_cert|web_key"):
        WebServer(create_app(ScriptedHub()), cert=given[spoil][0], key=given[spoil][1])
