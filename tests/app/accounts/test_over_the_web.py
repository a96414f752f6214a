"""Accounts of a hub that runs, asked for over its own page and REST."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from tests.app.accounts.conftest import RIGHT

OTHER = "green pencil jumping high"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    settings = Settings(data_dir=tmp_path, mqtt_port=0, web_port=0, admin_password=SecretStr(RIGHT))
    running = Hub(settings, Place.at(tmp_path))
    try:
        running.start()
        running.registry.add_athlete("Ana", "UTC")
        yield running
    finally:
        running.stop()


def browser(hub: Hub) -> httpx.Client:
    assert hub.page_url is not None
    return httpx.Client(base_url=hub.page_url, trust_env=False, timeout=30)


def sign_in(asking: httpx.Client, name: str, password: str) -> httpx.Response:
    form = re.search(r'name="form" value="([^"]+)"', asking.get("/sign-in").text)
    assert form is not None
    return asking.post("/sign-in", data={"form": form[1], "name": name, "password": password})


def test_from_the_first_sign_in_to_the_last_sign_out(hub: Hub) -> None:
    with browser(hub) as chief, browser(hub) as runner, browser(hub) as program:
        assert chief.get("/api/athletes").status_code == 401
        assert sign_in(chief, "admin", OTHER).status_code == 403
        assert sign_in(chief, "Admin", RIGHT).status_code == 303
        ana = hub.registry.athlete("Ana").id
        told = {"name": "ana", "role": "runner", "password": OTHER, "athletes": [ana]}
        assert chief.post("/api/accounts", json=told).status_code == 201
        assert chief.get(f"/api/athletes/{ana}/diary").status_code == 403  # an admin reads no diary

        assert sign_in(runner, "ana", OTHER).status_code == 303
        assert runner.get(f"/api/athletes/{ana}/diary").status_code == 200
        assert runner.get("/api/accounts").status_code == 403
        made = runner.post("/api/account/tokens", json={"name": "t"}).json()
        program.headers["Authorization"] = f"Bearer {made['secret']}"
        assert program.get(f"/api/athletes/{ana}/diary").status_code == 200

        before = dict(runner.cookies)
        new = "yellow door singing low"
        assert runner.post("/api/account/password", json={"old": RIGHT, "new": new}).status_code in {403, 409, 429}
        assert dict(runner.cookies) == before
        assert runner.post("/api/account/password", json={"old": OTHER, "new": new}).status_code == 200
        assert dict(runner.cookies) != before  # a new secret, and the old one is dead
        assert runner.get("/api/account").status_code == 200
        with browser(hub) as thief:
            thief.cookies.update(before)
            assert thief.get("/api/account").status_code == 401

        assert chief.patch("/api/accounts/ana", json={"disabled": True}).status_code == 200
        assert runner.get("/api/account").status_code == 401
        assert program.get(f"/api/athletes/{ana}/diary").status_code == 401
        assert chief.patch("/api/accounts/admin", json={"disabled": True}).status_code == 409
        assert chief.post("/sign-out", headers={"X-Sensor-Hub": "1"}).status_code == 200
        assert chief.get("/api/accounts").status_code == 401


def test_whoever_guesses_is_told_to_wait_and_for_how_long(hub: Hub) -> None:
    with browser(hub) as stranger:
        answers = [sign_in(stranger, "admin", f"guess number {n} of many") for n in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 4 + [429] * 2
    assert answers[-1].headers["retry-after"] in {"1", "2"}  # 2 where a slow machine took longer than 1 s
