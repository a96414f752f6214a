"""Signing in and out without a browser: cookies, foreign forms, secrets in the clear, names that do not exist."""

import asyncio
import re
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nicegui import Client

from sensor_hub.adapters.web.asking import own_path
from sensor_hub.errors import RegistryError, SignInRefused, StoreError
from tests.adapters.web.accounts import PASSWORD, ScriptedAccounts
from tests.adapters.web.asgi import Browser
from tests.adapters.web.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def made() -> World:
    return World()


@pytest.fixture
def world(made: World) -> World:
    made.begin_anew()
    made.fill()
    return made


def cookies(answer: httpx.Response) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


def open_form(browser: Browser, path: str = "/sign-in", headers: dict[str, str] | None = None) -> tuple[str, str]:
    """Return the form's token and the cookie that goes with it."""
    answer = browser.get(path, headers)
    found = re.search(r'name="form" value="([^"]+)"', answer.text)
    assert found is not None, answer.text
    cookie = next(line for name, line in cookies(answer).items() if name.endswith("-form"))
    return found.group(1), cookie.partition(";")[0]


def send(
    browser: Browser, name: str, password: str, back: str = "/", headers: dict[str, str] | None = None
) -> httpx.Response:
    token, cookie = open_form(browser, headers=headers)
    body = httpx.QueryParams({"form": token, "name": name, "password": password, "next": back})
    return browser.request("POST", "/sign-in", {**FORM, "Cookie": cookie, **(headers or {})}, content=str(body))


def test_a_password_lets_in_by_a_cookie_that_no_script_and_no_other_site_gets(world: World) -> None:
    answer = send(world.browser(), "mia", PASSWORD, "/athlete/mia/runs")
    assert (answer.status_code, answer.headers["location"]) == (303, "/athlete/mia/runs")
    cookie = cookies(answer)["sensor-hub"]
    told = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= told
    assert not any(part.startswith("domain") for part in told)
    secret = {"Cookie": cookie.partition(";")[0]}
    assert world.browser().get("/api/athletes/mia", secret).status_code == 200
    assert world.browser().get("/athlete/mia", secret).status_code == 200


def test_a_wrong_password_and_a_name_that_is_not_there_look_the_same(world: World) -> None:
    told = []
    for name in ("mia", "nobody-of-that-name"):
        answer = send(world.browser(), name, "wrong")
        told.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
        assert "sensor-hub" not in cookies(answer)
        assert "wrong" not in answer.text
    assert told[0] == told[1]
    assert told[0][0] == 403


def test_who_tries_too_often_is_told_how_long_to_wait(world: World) -> None:
    answers = [send(world.browser(), "mia", "wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    assert answers[-1].headers["retry-after"] == "30"
    assert "30 s" in answers[-1].text


def test_signing_in_anew_ends_the_session_before(world: World) -> None:
    old = world.signed_in("coach-all")
    token, form = open_form(world.browser())
    body = str(httpx.QueryParams({"form": token, "name": "mia", "password": PASSWORD}))
    headers = {**FORM, "Cookie": f"{form}; {old['Cookie']}"}
    assert world.browser().request("POST", "/sign-in", headers, content=body).status_code == 303
    assert world.browser().get("/api/athletes", old).status_code == 401


def test_signing_out_ends_the_session_and_takes_the_cookie_away(world: World) -> None:
    headers = world.signed_in("mia")
    assert world.browser().request("POST", "/sign-out", headers).status_code == 403, "a foreign form could send that"
    answer = world.browser().request("POST", "/sign-out", {**headers, "X-Sensor-Hub": "1"})
    assert answer.status_code == 200
    assert 'sensor-hub=""' in cookies(answer)["sensor-hub"]
    assert world.browser().get("/api/athletes", headers).status_code == 401


@pytest.mark.parametrize("spoil", ["no cookie", "other cookie", "no field", "empty both"])
def test_a_form_that_this_browser_did_not_get_lets_nobody_in(world: World, spoil: str) -> None:
    token, cookie = open_form(world.browser())
    fields = {"form": token, "name": "mia", "password": PASSWORD}
    headers = {**FORM, "Cookie": cookie}
    if spoil == "no cookie":
        del headers["Cookie"]
    elif spoil == "other cookie":
        headers["Cookie"] = open_form(world.browser())[1]
    elif spoil == "no field":
        del fields["form"]
    else:
        fields["form"], headers["Cookie"] = "", "sensor-hub-form="
    answer = world.browser().request("POST", "/sign-in", headers, content=str(httpx.QueryParams(fields)))
    assert answer.status_code == 403
    assert "sensor-hub" not in cookies(answer)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/api/athletes/mia/undo", "/api/roster"])
def test_what_a_page_of_another_site_sets_off_changes_nothing(world: World, site: str, path: str) -> None:
    headers = {**world.signed_in("mia"), "Sec-Fetch-Site": site, "X-Sensor-Hub": "1"}
    assert world.browser().request("POST", path, headers, json={}).status_code == 403
    assert world.keeping.undone == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 50, b"x" * 9000, b""])
def test_what_is_no_form_is_refused(world: World, body: bytes) -> None:
    answer = world.browser().request("POST", "/sign-in", FORM, content=body)
    assert answer.status_code in {400, 403, 413}
    assert world.browser().request("POST", "/sign-in", json={"name": "mia"}).status_code == 415


def test_a_password_is_not_taken_in_the_clear_from_another_machine(world: World) -> None:
    far = world.browser(peer="192.168.1.20", host="192.168.1.7")
    shown = far.get("/sign-in")
    assert "<form" not in shown.text
    assert "not encrypted" in shown.text
    body = str(httpx.QueryParams({"form": "x", "name": "mia", "password": PASSWORD}))
    sent = far.request("POST", "/sign-in", {**FORM, "Cookie": "sensor-hub-form=x"}, content=body)
    assert sent.status_code == 403
    assert cookies(sent) == {}
    passed_on = world.browser().request(
        "POST", "/sign-in", {**FORM, "Cookie": "sensor-hub-form=x", "X-Forwarded-For": "192.168.1.20"}, content=body
    )
    assert passed_on.status_code == 403


def test_a_token_is_not_taken_in_the_clear_from_another_machine(world: World) -> None:
    headers = world.token("mia")
    assert world.browser().get("/api/athletes", headers).status_code == 200
    far = world.browser(peer="192.168.1.20").get("/api/athletes", headers)
    assert (far.status_code, "not encrypted" in far.text) == (403, True)


def secure(world: World) -> Callable[..., httpx.Response]:
    """Ask over https from another machine."""
    import asyncio

    def ask(method: str, path: str, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False, client=("192.168.1.20", 1))
            async with httpx.AsyncClient(transport=transport, base_url="https://hub.local") as client:
                return await client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]

        return asyncio.run(asked())

    return ask


def test_over_https_the_cookie_is_one_that_no_other_host_can_set(world: World) -> None:
    ask = secure(world)
    shown = ask("GET", "/sign-in")
    token = re.search(r'name="form" value="([^"]+)"', shown.text)
    form = next(iter(shown.headers.get_list("set-cookie"))).partition(";")[0]
    assert token is not None
    assert form.startswith("__Host-sensor-hub-form=")
    body = str(httpx.QueryParams({"form": token.group(1), "name": "mia", "password": PASSWORD}))
    answer = ask("POST", "/sign-in", {**FORM, "Cookie": form}, content=body)
    cookie = cookies(answer)["__Host-sensor-hub"]
    assert "secure" in cookie.lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert ask("GET", "/api/athletes", {"Cookie": cookie.partition(";")[0]}).status_code == 200
    secret = cookie.partition(";")[0].partition("=")[2]
    assert ask("GET", "/api/athletes", {"Cookie": f"sensor-hub={secret}"}).status_code == 401


def test_the_page_for_signing_in_runs_no_script_and_nothing_of_it_is_kept(world: World) -> None:
    answer = world.browser().get("/sign-in?next=/athlete/mia")
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    other = world.browser().get("/", world.signed_in("mia")).headers
    assert "form-action 'none'" in other["content-security-policy"]
    assert other["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/athletes", "/api/athletes/mia/diary", "/api/account", "/api/nothing", "/"])
def test_nothing_about_a_person_is_kept_by_a_browser_or_a_proxy(world: World, path: str) -> None:
    assert world.browser().get(path, world.signed_in("mia")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "text",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil", "/sign-in", "/sign-out", "javascript:1",
     "/api/backup", "/a\nb", "/a b", "", "evil", "/%0d/\x00", "///x"],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_elsewhere(text: str) -> None:
    assert own_path(text) == "/"


@given(st.text(max_size=30))
def test_wherever_one_is_led_it_is_a_path_of_this_hub(text: str) -> None:
    found = own_path(text)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert httpx.URL("http://hub.local").join(found).host == "hub.local"


def test_a_link_that_leads_here_from_another_site_is_followed_once_more_from_here(world: World) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = world.browser().get("/athlete/mia", headers)
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/athlete/mia"' in answer.text


def test_while_nobody_has_an_account_the_page_says_so_and_how_to_make_one(world: World) -> None:
    world.begin_anew()
    assert "this machine may do everything" in world.browser().get("/sign-in").text
    assert "sensor-hub user add" in world.browser(peer="192.168.1.20").get("/sign-in").text
    assert world.browser().request("POST", "/sign-in", FORM, content="name=a").status_code == 303


def test_accounts_that_cannot_be_read_let_nobody_in_and_tell_strangers_nothing_of_why(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.accounts.broken = "registry /srv/hub/registry.sqlite: disk I/O error"
    for path in ("/", "/api/athletes", "/api/health", "/sign-in"):
        caplog.clear()
        answer = world.browser().get(path, {"Cookie": "sensor-hub=x"})
        assert answer.status_code == 503
        assert "/srv/hub" not in answer.text
        assert "/srv/hub" in caplog.text


def test_a_registry_that_fails_at_the_door_is_told_to_the_log_and_to_no_stranger(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_self: object, name: str, password: str, *, peer: str) -> object:
        raise RegistryError("registry /srv/hub/registry.sqlite: disk I/O error")

    monkeypatch.setattr(ScriptedAccounts, "sign_in", fails)
    answer = send(world.browser(), "mia", PASSWORD)
    assert answer.status_code == 503
    assert "/srv/hub" not in answer.text
    assert "/srv/hub" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_hub_that_cannot_be_read_tells_strangers_nothing_of_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_self: object) -> str:
        raise StoreError("store /srv/hub/store.sqlite: disk I/O error")

    monkeypatch.setattr(type(world.hub), "trouble", fails)
    told, own = (world.browser().get("/api/health", headers) for headers in (None, world.signed_in("mia")))
    assert (told.status_code, own.status_code) == (503, 503)
    assert "/srv/hub" not in told.text
    assert "/srv/hub" in own.text


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "/\\evil.example"])
def test_an_address_that_names_another_host_leads_nowhere_else(world: World, path: str) -> None:
    """As a browser sends it that followed a link of another site: nothing between the two cleans it up."""
    sent: list[Any] = []

    async def ask(headers: list[tuple[bytes, bytes]]) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"localhost"), *headers], "scheme": "http", "root_path": "", "http_version": "1.1",
            "server": ("localhost", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        await world.app(scope, receive, send)

    asyncio.run(ask([(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate")]))
    page = b"".join(message.get("body", b"") for message in sent).decode()
    found = re.findall(r'(?:url=|href=")(/[^"]*)"', page)
    assert len(found) >= 2
    assert not [link for link in found if link.startswith(("//", "/\\"))]


@pytest.mark.parametrize("path", ["/assets/nothing", "/assets/../athlete/mia", "/favicon.ico/x"])
def test_beside_the_files_for_everybody_there_is_nothing_for_strangers(world: World, path: str) -> None:
    answer = world.browser(peer="192.168.1.20").get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert world.browser().get(path, world.signed_in("mia")).headers["cache-control"] == "no-store"


def test_a_stranger_gets_the_icon_and_no_page_is_built_for_it(world: World) -> None:
    before = set(Client.instances)
    answer = world.browser(peer="192.168.1.20").get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert set(Client.instances) == before


@pytest.mark.parametrize(
    ("host", "version", "is_operator"),
    [
        ("localhost:8080", "1.1", True),
        ("127.0.0.1:8080", "1.1", True),
        ("[::1]:8080", "1.1", True),
        ("hub.local", "1.1", False),
        ("203.0.113.5", "1.1", False),
        ("127.0.0.1:8080", "1.0", False),
    ],
)
def test_strangers_whom_a_silent_proxy_on_the_same_machine_brings_are_not_its_operator(
    world: World, host: str, version: str, is_operator: bool
) -> None:
    world.begin_anew()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await world.app({**scope, "http_version": version}, receive, send)

    answer = Browser(app, host=host).get("/api/athletes")
    assert answer.status_code == (200 if is_operator else 403)
    page = Browser(app, host=host).get("/")
    assert ("http://localhost" in page.text) is not is_operator


def test_a_crowd_at_the_door_stops_nobody_who_is_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    open_again, waiting = threading.Event(), threading.Semaphore(0)

    def slow(_self: object, name: str, password: str, *, peer: str) -> object:
        waiting.release()
        open_again.wait(30)
        raise SignInRefused("no")

    monkeypatch.setattr(ScriptedAccounts, "sign_in", slow)
    token, cookie = open_form(world.browser())
    body, inside = str(httpx.QueryParams({"form": token, "name": "a", "password": "b"})), world.signed_in("mia")

    async def crowd() -> int:
        transport = httpx.ASGITransport(app=world.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            knocks = [
                asyncio.create_task(client.post("/sign-in", headers={**FORM, "Cookie": cookie}, content=body))
                for _ in range(60)
            ]
            try:
                await asyncio.to_thread(waiting.acquire)
                answer = await asyncio.wait_for(client.get("/api/athletes", headers=inside), 10)
            finally:
                open_again.set()
                await asyncio.gather(*knocks)
            return answer.status_code

    assert asyncio.run(crowd()) == 200


@pytest.mark.parametrize("path", ["/sign-in", "/api/health", "/api/athletes", "/favicon.ico"])
def test_cookies_of_others_are_read_by_nobody_behind_the_door(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own reader of a quoted cookie takes seconds for 60 kB of backslashes, which any stranger may send."""
    read: list[str] = []

    def unquoted(text: str) -> str:
        read.append(text)
        return text

    monkeypatch.setattr("http.cookies._unquote", unquoted)
    answer = world.browser().get(path, {"Cookie": 'theirs="' + "\\" * 60_000 + '"; sensor-hub="\\\\"'})
    assert answer.status_code in {200, 401}
    assert read == []


def test_a_cookie_is_found_among_those_of_others(world: World) -> None:
    own = world.signed_in("mia")["Cookie"]
    for cookies in (f"a=b; {own}", f"{own};theirs", f'x="y;{own} ; z=1'):
        assert world.browser().get("/api/athletes", {"Cookie": cookies}).status_code == 200


def test_a_cookie_that_is_none_is_nobodys(world: World) -> None:
    for cookie in ("sensor-hub=", "sensor-hub", "=;;=", 'sensor-hub="\\', "a=b; c"):
        assert world.browser().get("/api/athletes", {"Cookie": cookie}).status_code == 401
