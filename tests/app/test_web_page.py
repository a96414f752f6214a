"""The page from a hub's settings: proxies that are believed, what is warned of, and a setting that is gone."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest

from sensor_hub.adapters.web import WriteSide, create_app
from sensor_hub.app.web_page import is_loopback, listed, page_of, proxies_of
from sensor_hub.config import load_settings
from sensor_hub.errors import ConfigError
from tests.adapters.web.accounts import PASSWORD, ScriptedAccounts
from tests.adapters.web.hub import ScriptedHub

PROXY, FAR = "10.0.0.5", "203.0.113.9"


def shown(peer: str, headers: dict[str, str], proxies: list[str], host: str = "hub.example") -> str:
    accounts = ScriptedAccounts()
    accounts.add("boss", "admin", PASSWORD)
    app = create_app(ScriptedHub(), accounts=accounts, proxies=proxies, allowed_hosts=["hub.example"])

    async def ask() -> str:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            answer = await client.get("/sign-in", headers=headers)
            return "form" if "<form" in answer.text else "refused"

    return asyncio.run(ask())


SECURE = {"X-Forwarded-For": FAR, "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("peer", "headers", "proxies", "expected"),
    [
        (PROXY, SECURE, [PROXY], "form"),
        (PROXY, SECURE, ["10.0.0.0/24"], "form"),
        (PROXY, SECURE, [], "refused"),
        (FAR, SECURE, [PROXY], "refused"),
        ("127.0.0.1", SECURE, [PROXY], "refused"),
        (PROXY, {**SECURE, "X-Forwarded-Proto": "http"}, [PROXY], "refused"),
        (PROXY, {"X-Forwarded-For": FAR}, [PROXY], "refused"),
        (PROXY, {"X-Forwarded-For": "127.0.0.1"}, [PROXY], "refused"),
        ("127.0.0.1", {}, [PROXY], "refused"),
    ],
)
def test_a_password_is_taken_through_a_proxy_that_is_named_and_says_that_it_is_encrypted(
    peer: str, headers: dict[str, str], proxies: list[str], expected: str
) -> None:
    assert shown(peer, headers, proxies) == expected


def test_a_password_is_taken_on_the_machine_itself_under_its_own_name() -> None:
    assert shown("127.0.0.1", {}, [PROXY], "localhost") == shown("127.0.0.1", {}, [], "127.0.0.1:8080") == "form"
    assert shown("127.0.0.1", {}, [], "hub.example") == "refused", "a proxy that tells nothing of itself"


def test_whom_a_proxy_speaks_for_is_never_this_machine() -> None:
    """Without an account the operator sits at the machine, and a header makes nobody sit there."""
    app = create_app(ScriptedHub(), proxies=[PROXY])

    async def ask(peer: str, headers: dict[str, str]) -> int:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get("/api/athletes", headers=headers)).status_code

    assert asyncio.run(ask("127.0.0.1", {})) == 200
    for peer in (PROXY, "127.0.0.1", FAR):
        assert asyncio.run(ask(peer, {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"})) == 403


@pytest.mark.parametrize("text", ["*", "proxy.local", "10.0.0.1/8", "10.0.0.5;10.0.0.6", "0.0.0.0/0", "::/0"])
def test_a_proxy_is_an_address_and_not_everybody(text: str) -> None:
    with pytest.raises(ConfigError, match="web_proxy"):
        proxies_of(text)
    assert proxies_of(" 10.0.0.5 , fd00::/8,") == ["10.0.0.5", "fd00::/8"]


def test_names_are_listed_with_commas() -> None:
    assert listed(" hub.local, hub.example ,,") == ["hub.local", "hub.example"]
    assert listed("") == []


@pytest.mark.parametrize(("host", "is_near"), [("127.0.0.1", True), ("::1", True), ("localhost", True),
                                               ("0.0.0.0", False), ("hub.local", False)])  # fmt: skip  # noqa: S104
def test_only_loopback_is_this_machine(host: str, is_near: bool) -> None:
    assert is_loopback(host) is is_near


@pytest.mark.parametrize(("more", "is_warned"), [({}, True), ({"web_proxy": PROXY}, False),
                                                 ({"web_host": "127.0.0.1"}, False)])  # fmt: skip
def test_a_page_for_everybody_without_encryption_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, more: dict[str, str], is_warned: bool
) -> None:
    settings = load_settings(data_dir=tmp_path, **{"web_host": "0.0.0.0", **more})  # noqa: S104
    with caplog.at_level(logging.WARNING):
        page_of(settings, ScriptedHub(), WriteSide())
    assert ("without encryption" in caplog.text) is is_warned


def test_the_setting_before_there_were_accounts_names_what_to_do_instead() -> None:
    with pytest.raises(ConfigError, match="sensor-hub user add"):
        load_settings(web_edits="anyone")
