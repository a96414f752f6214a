from datetime import UTC, date, datetime
from typing import Any

import pytest

from sensor_hub.adapters.web import WriteSide, create_app
from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.wire.edits import edit_body
from tests.adapters.web.asgi import Browser
from tests.adapters.web.history import ScriptedHistory
from tests.adapters.web.hub import ScriptedHub

START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
EVERY_EDIT: list[Edit] = [
    AddRun("s9", START, True, 2700.0, 8000.0, 4.0, "walk", "treadmill"),
    Trim("s1", START, None),
    Split("s1", START, "s2"),
    Merge(("s1", "s2")),
    Delete("s1"),
    Change("s1", "jon", "walk", "treadmill"),
    Tell("s1", "shoe-a", 3.0, "hot", ("effort",)),
    Link(("s1", "s2"), "s2"),
    Distinct(("s1", "s2")),
    Prefer(("watch", "sensor", "log", "by-hand"), ask=False),
    MarkDays(date(2026, 11, 1), date(2026, 11, 9), "rested"),
    WearShoe("shoe-a", date(2026, 11, 1), None),
    Undo("e1"),
]


@pytest.fixture
def keeping() -> ScriptedHistory:
    return ScriptedHistory()


@pytest.fixture
def client(keeping: ScriptedHistory) -> Browser:
    return Browser(create_app(ScriptedHub(), WriteSide(keeping, new_sid=lambda start: f"new-{start:%H%M}")))


def test_a_history_tells_what_counts_and_what_instead(client: Browser) -> None:
    told = client.get("/api/athletes/mia/history").json()
    standings = {kept["session"]["sid"]: (kept["standing"], kept["instead"]) for kept in told["sessions"]}
    assert standings["mia-edge2"] == ("same-run", "mia-edge1")
    assert standings["mia-gone"] == ("deleted", None)
    assert told["offers"] == [{"sids": ["mia-pod", "mia-watch"], "counts": "mia-pod"}]
    assert told["open_days"] == [{"first": "2026-10-20", "last": "2026-10-29"}]
    assert told["shoes"][1] == {"shoe": "shoe-b", "distance_m": None, "known_distance_m": 20100.0, "n_runs": 3}
    assert told["preference"]["order"] == ["sensor", "watch", "log", "by-hand"]


def test_a_duration_nobody_knows_is_null_and_not_zero(client: Browser) -> None:
    told = client.get("/api/athletes/mia/history").json()["sessions"]
    (by_hand,) = [kept["session"] for kept in told if kept["session"]["sid"] == "mia-hand"]
    assert by_hand["totals"]["duration_s"] is by_hand["totals"]["distance_m"] is None


def test_the_journal_says_what_was_undone(client: Browser) -> None:
    told = client.get("/api/athletes/mia/journal").json()
    assert [(e["id"], e["undone"]) for e in told] == [
        ("e4", False), ("e3", False), ("e2", False), ("e1", False), ("e0", True)
    ]  # fmt: skip
    assert told[2]["edit"] == {
        "kind": "trim", "sid": "mia-cut", "from_utc": None, "to_utc": "2026-11-14T07:30:00Z",
    }  # fmt: skip


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=lambda edit: type(edit).__name__)
def test_every_kind_of_edit_arrives_as_it_was_meant(client: Browser, keeping: ScriptedHistory, edit: Edit) -> None:
    answer = client.post("/api/athletes/mia/edits", edit_body(edit))
    assert answer.status_code == 200, answer.text
    assert keeping.edits == [(edit,)]
    assert keeping.by == ["api"]
    told = answer.json()["entries"][0]["edit"]
    assert told["kind"] == edit_body(edit)["kind"]
    assert client.post("/api/athletes/mia/edits", told).status_code == 200, "an answer can be sent back"
    assert keeping.edits[1] == (edit,)


def test_several_edits_go_in_one_piece(client: Browser, keeping: ScriptedHistory) -> None:
    answer = client.post("/api/athletes/mia/edits", [edit_body(edit) for edit in EVERY_EDIT[4:6]])
    assert keeping.edits == [tuple(EVERY_EDIT[4:6])]
    assert [finding["withdrawn"] for finding in answer.json()["findings"]] == [True]


def test_a_run_of_a_day_is_at_local_noon_without_a_time(client: Browser, keeping: ScriptedHistory) -> None:
    assert client.post("/api/athletes/mia/edits", {"kind": "add-run", "on": "2026-11-20"}).status_code == 200
    assert keeping.edits == [(AddRun("new-1100", datetime(2026, 11, 20, 11, tzinfo=UTC), False),)]


def test_undo_and_redo(client: Browser, keeping: ScriptedHistory) -> None:
    assert client.post("/api/athletes/mia/undo", {}).status_code == 200
    assert client.post("/api/athletes/mia/undo", {"entry": "e3"}).status_code == 200
    assert keeping.undone == [None, "e3"]
    refused = client.post("/api/athletes/mia/undo", {"entry": "e99"})
    assert (refused.status_code, refused.json()["detail"][:14]) == (409, "no entry 'e99'")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "trim"}, "sid"),
        ({"kind": "trim", "sid": "s1", "from_utc": "2026-11-20T07:00:00"}, "from_utc"),
        ({"kind": "trim", "sid": "s1", "form_utc": None}, "form_utc"),
        ({"kind": "add-run"}, "start_utc"),
        ({"kind": "add-run", "on": "2026-11-20", "effort": 11}, "effort"),
        ({"kind": "add-run", "on": "2026-11-20", "distance_m": -1}, "distance_m"),
        ({"kind": "add-run", "on": "2026-11-20", "duration_s": 0}, "duration_s"),
        ({"kind": "merge", "sids": ["s1"]}, "sids"),
        ({"kind": "change", "sid": "s1", "ledger": "swim"}, "ledger"),
        ({"kind": "mark-days", "first": "2026-11-20", "last": "2026-11-19", "mark": "rested"}, "last"),
        ({"kind": "burn", "sid": "s1"}, "kind"),
        ([], "List"),
        ("trim", "dictionary"),
    ],
)
def test_what_cannot_be_read_is_refused_by_the_name_of_its_field(
    client: Browser, keeping: ScriptedHistory, body: Any, field: str
) -> None:
    answer = client.post("/api/athletes/mia/edits", body)
    assert answer.status_code == 422
    assert field in answer.text
    assert keeping.edits == []


def test_numbers_that_are_none_are_refused(client: Browser, keeping: ScriptedHistory) -> None:
    body = '{"kind": "add-run", "on": "2026-11-20", "distance_m": NaN}'
    answer = client.request("POST", "/api/athletes/mia/edits", {"Content-Type": "application/json"}, content=body)
    assert answer.status_code == 422
    assert "distance_m" in answer.text
    assert keeping.edits == []


def test_an_edit_that_cannot_be_says_why(client: Browser, keeping: ScriptedHistory) -> None:
    keeping.refused = "no session 's1' (session list shows all)"
    answer = client.post("/api/athletes/mia/edits", edit_body(Delete("s1")))
    assert (answer.status_code, answer.json()) == (409, {"detail": "no session 's1' (session list shows all)"})


def test_a_moment_beyond_the_calendar_is_refused(client: Browser, keeping: ScriptedHistory) -> None:
    body = {"kind": "add-run", "start_utc": "0001-01-01T00:00:00+14:00", "duration_s": 600, "distance_m": 2000}
    answer = client.post("/api/athletes/mia/edits", body)
    assert answer.status_code == 409, answer.text
    assert "give another time" in answer.json()["detail"]


def test_nobody_s_history_is_not_found(client: Browser) -> None:
    for path in ("history", "journal"):
        assert client.get(f"/api/athletes/nobody/{path}").status_code == 404
    for path, body in (("edits", edit_body(Delete("s1"))), ("undo", {})):
        assert client.post(f"/api/athletes/nobody/{path}", body).status_code == 404


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_write(keeping: ScriptedHistory, peer: str) -> None:
    client = Browser(create_app(ScriptedHub(), WriteSide(keeping)), peer=peer)
    assert client.post("/api/athletes/mia/edits", edit_body(Delete("s1"))).status_code == 200


@pytest.mark.parametrize("peer", ["192.168.1.20", "203.0.113.9", "fe80::1%eth0", "::ffff:192.168.1.20", "unknown"])
def test_another_machine_is_told_how_to_make_an_account(keeping: ScriptedHistory, peer: str) -> None:
    client = Browser(create_app(ScriptedHub(), WriteSide(keeping)), peer=peer)
    answers = [client.get("/api/athletes/mia/history"), client.get("/api/athletes"), client.get("/api/openapi.json")]
    for path, body in (("edits", edit_body(Delete("s1"))), ("undo", {})):
        answers.append(client.post(f"/api/athletes/mia/{path}", body))
    for answer in answers:
        assert answer.status_code == 403
        assert "sensor-hub user add" in answer.json()["detail"]
    page = client.get("/athlete/mia")
    assert (page.status_code, "sensor-hub user add" in page.text, "Mia" in page.text) == (403, True, False)
    assert client.get("/api/health").json() == {"status": "ok", "n_athletes": None}
    assert (keeping.edits, keeping.undone) == ([], [])


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_what_a_proxy_passed_on_is_not_of_this_machine(client: Browser, header: str) -> None:
    answer = client.request("POST", "/api/athletes/mia/undo", {header: "for=203.0.113.9"}, json={})
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_of_a_foreign_page_could_send_is_refused(
    client: Browser, keeping: ScriptedHistory, kind: str
) -> None:
    body = '{"kind": "delete", "sid": "s1"}'
    answer = client.request("POST", "/api/athletes/mia/edits", {"Content-Type": kind}, content=body)
    assert answer.status_code == 415
    assert keeping.edits == []


def test_a_foreign_page_in_this_machines_browser_is_refused(client: Browser, keeping: ScriptedHistory) -> None:
    answer = client.request(
        "POST", "/api/athletes/mia/edits", {"Origin": "http://evil.example"}, json=edit_body(Delete("s1"))
    )
    assert answer.status_code == 421
    assert keeping.edits == []


def test_without_a_write_side_there_is_nothing_to_write_to() -> None:
    client = Browser(create_app(ScriptedHub()))
    assert client.get("/api/athletes/mia/history").status_code == 404
    assert client.post("/api/athletes/mia/edits", edit_body(Delete("s1"))).status_code == 405


def test_openapi_has_every_kind_of_edit_with_examples(client: Browser) -> None:
    document = client.get("/api/openapi.json").json()
    body = document["paths"]["/api/athletes/{athlete}/edits"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["examples"]) == {"by hand", "trim", "same run", "several"}
    for example in body["examples"].values():
        assert client.post("/api/athletes/mia/edits", example["value"]).status_code == 200
    kinds = {edit_body(edit)["kind"] for edit in EVERY_EDIT}
    assert all(f'"{kind}"' in str(document).replace("'", '"') for kind in kinds)
