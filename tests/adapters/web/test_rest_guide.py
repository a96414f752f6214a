"""Diary and guidelines over REST: what is said arrives as it was said, and only where it may."""

from datetime import UTC, date, datetime
from typing import Any

import jsonschema
import pytest

from sensor_hub.adapters.web import WriteSide, create_app
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import (
    Consent,
    Said,
    SayCare,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
    WornOut,
)
from sensor_hub.wire.edits import DIARY_KINDS, edit_body, edit_of
from tests.adapters.web.asgi import Browser
from tests.adapters.web.guiding import NOW, ScriptedBook, ScriptedGuide
from tests.adapters.web.hub import ScriptedHub

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
DAY = date(2026, 11, 20)
EVERY_LINE: list[Said] = [
    SayPain(AT, "morning", 3.5, "L", "insertion", "stiffness", "mia-1", "warm-up", 30.0, True, "on the stairs"),
    SaySymptoms(AT, ("swelling",), ("pop", "cannot-walk"), "R", 4.0, "note"),
    SayExercise(AT, "heel-drop", 3, 15, "L", "bent", "flat", None, 4.0, True, 2.0, 5.0, False, None, ""),
    SayCrossTraining(AT, "cycling", 2700.0, 0.0),
    SayCare("tape", DAY, None, ""),
    SayMedicine("nsaid", DAY, DAY),
    SaySleep(DAY, 7.5, False),
    SayProfile(date(1990, 1, 2), date(2015, 3, 1), (), True, 9.0, 40.0, ("rest_h",)),
    SayEpisode(DAY, "began", "R"),
    SayClearance(DAY, "Dr. Okafor", "physician"),
    StartPlan("isometric", DAY, "R", 20_000.0),
    StepPlanBack("isometric", DAY),
    StopPlan("isometric", DAY, "holiday"),
    WornOut("shoe-a", DAY, False),
    SetPolicy("strict"),
    SetRule("session-limit", "factor", None),
    Consent("pain", True),
]
READS = ["guidance", "plan", "diary", "rules"]


@pytest.fixture
def guide() -> ScriptedGuide:
    return ScriptedGuide()


def app(guide: ScriptedGuide, **more: Any) -> Any:
    return create_app(ScriptedHub(), WriteSide(guide=guide, rules=ScriptedBook(), now_utc=lambda: NOW, **more))


@pytest.fixture
def client(guide: ScriptedGuide) -> Browser:
    return Browser(app(guide))


def test_every_kind_of_line_is_among_those_that_are_sent() -> None:
    assert {type(said) for said in EVERY_LINE} == set(DIARY_KINDS.values())


@pytest.mark.parametrize("said", EVERY_LINE, ids=lambda said: type(said).__name__)
def test_a_line_arrives_as_it_was_said_and_is_told_again(client: Browser, guide: ScriptedGuide, said: Said) -> None:
    answer = client.post("/api/athletes/mia/diary", edit_body(said))
    assert answer.status_code == 200, answer.text
    assert guide.said == [(said,)]
    assert guide.by == ["api"]
    newest = client.get("/api/athletes/mia/diary").json()["lines"][0]
    assert edit_of(newest["said"]) == said
    assert newest["id"] == answer.json()["entries"][0]
    assert newest["sentence"]


def test_several_lines_are_said_at_once(client: Browser, guide: ScriptedGuide) -> None:
    assert client.post("/api/athletes/mia/diary", [edit_body(said) for said in EVERY_LINE[:3]]).status_code == 200
    assert guide.said == [tuple(EVERY_LINE[:3])]


def test_a_time_in_another_zone_is_the_same_moment(client: Browser, guide: ScriptedGuide) -> None:
    body = {"kind": "pain", "at_utc": "2026-11-20T07:30:00+01:00", "when": "morning", "level": 2}
    assert client.post("/api/athletes/mia/diary", body).status_code == 200
    assert guide.said == [(SayPain(AT, "morning", 2.0),)]


@pytest.mark.parametrize("at_utc", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_beyond_the_calendar_is_refused_with_the_mend(
    client: Browser, guide: ScriptedGuide, at_utc: str
) -> None:
    answer = client.post("/api/athletes/mia/diary", {"kind": "pain", "at_utc": at_utc, "when": "morning", "level": 2})
    assert answer.status_code == 409
    assert "give another time" in answer.json()["detail"]
    assert guide.said == []


def test_a_misspelt_word_takes_nothing_back(client: Browser, guide: ScriptedGuide) -> None:
    assert client.post("/api/athletes/mia/diary/undo", {"line": "p0"}).status_code == 422
    assert guide.undone == []


def test_a_sign_of_an_emergency_is_answered_at_once(client: Browser) -> None:
    body = {"kind": "symptoms", "at_utc": "2026-11-20T06:30:00Z", "present": ["pop"]}
    verdict = client.post("/api/athletes/mia/diary", body).json()["guidance"]["verdict"]
    assert (verdict["standing"], verdict["running"], verdict["hold_headroom"]) == ("red-flag", "none", "red-flag")
    assert "medical care now" in verdict["sentence"]
    assert client.get("/api/athletes/mia/plan").json()["held"] == "red-flag"


def test_a_morning_that_hurts_stops_running_with_its_rows_and_why(client: Browser) -> None:
    body = {
        "kind": "pain",
        "at_utc": "2026-11-20T06:30:00Z",
        "when": "morning",
        "level": 4,
        "side": "L",
        "sid": "mia-1",
    }
    told = client.post("/api/athletes/mia/diary", body).json()["guidance"]
    assert told["verdict"]["standing"] == "stop"
    (newest,) = [response for response in told["responses"] if response["sid"] == "mia-1"]
    assert (newest["morning"], newest["gate"]) == (4.0, "stop")
    assert told["verdict"]["because"][0]["why"]


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"kind": "pain", "at_utc": "2026-11-20T06:30:00Z", "when": "morning", "level": 3.2}, "level"),
        ({"kind": "pain", "at_utc": "2026-11-20T06:30:00", "when": "morning", "level": 3}, "at_utc"),
        ({"kind": "pain", "at_utc": "2026-11-20T06:30:00Z", "when": "noon", "level": 3}, "when"),
        ({"kind": "care", "first": "2026-11-20"}, "what"),
        ({"kind": "consent", "category": "pain", "granted": True, "more": 1}, "more"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_said(
    client: Browser, guide: ScriptedGuide, body: Any, loc: str
) -> None:
    answer = client.post("/api/athletes/mia/diary", body)
    assert answer.status_code == 422
    assert loc in answer.json()["detail"][0]["loc"]
    assert guide.said == []


def test_a_line_that_cannot_be_is_refused_with_its_reason(client: Browser, guide: ScriptedGuide) -> None:
    guide.refused = "under 18 there are no plans"
    answer = client.post("/api/athletes/mia/diary", edit_body(StartPlan("isometric", DAY)))
    assert (answer.status_code, answer.json()) == (409, {"detail": "under 18 there are no plans"})


def test_a_line_is_taken_back_and_said_again(client: Browser, guide: ScriptedGuide) -> None:
    for undone in (True, False):
        assert client.post("/api/athletes/mia/diary/undo", {"entry": "p2"}).status_code == 200
        (line,) = [one for one in client.get("/api/athletes/mia/diary").json()["lines"] if one["id"] == "p2"]
        assert line["undone"] is undone
    assert client.post("/api/athletes/mia/diary/undo", {"entry": "none"}).status_code == 409


def test_a_diary_tells_what_was_set_and_agreed(client: Browser) -> None:
    lines: list[Said] = [
        SetPolicy("clinician"),
        SetRule("session-limit", "factor", 1.2),
        SetRule("pain-24h", "on", 0.0),
        Consent("pain", True),
    ]
    client.post("/api/athletes/mia/diary", [edit_body(said) for said in lines])
    told = client.get("/api/athletes/mia/diary").json()
    assert (told["policy"], told["off"], told["consents"]) == ("clinician", ["pain-24h"], ["load", "pain"])
    assert told["settings"] == [{"rule": "session-limit", "parameter": "factor", "value": 1.2}]
    load, pain = client.get("/api/athletes/mia/rules").json()["rules"]
    assert (load["parameters"][0]["value"], load["parameters"][0]["default"], pain["on"]) == (1.2, 1.1, False)
    assert client.get("/api/rules").json()["rules"][0]["parameters"][0]["value"] == 1.1


@pytest.mark.parametrize("path", READS)
def test_another_machine_is_told_how_to_make_an_account_and_nothing_of_a_diary(guide: ScriptedGuide, path: str) -> None:
    elsewhere = Browser(app(guide), host="192.168.1.7", peer="192.168.1.20")
    for answer in (
        elsewhere.get(f"/api/athletes/mia/{path}"),
        Browser(app(guide)).get(f"/api/athletes/mia/{path}", {"X-Forwarded-For": "192.168.1.20"}),
    ):
        assert answer.status_code == 403
        assert list(answer.json()) == ["detail"]
        assert "sensor-hub user add" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["diary", "diary/undo"])
def test_another_machine_or_a_plain_form_writes_nothing(guide: ScriptedGuide, path: str) -> None:
    body = edit_body(SetPolicy("strict")) if path == "diary" else {}
    elsewhere = Browser(app(guide), host="192.168.1.7", peer="192.168.1.20")
    assert elsewhere.post(f"/api/athletes/mia/{path}", body).status_code == 403
    form = Browser(app(guide)).request(
        "POST", f"/api/athletes/mia/{path}", {"content-type": "text/plain"}, content="{}"
    )
    assert form.status_code == 415
    assert (guide.said, guide.undone) == ([], [])


@pytest.mark.parametrize("path", READS)
def test_somebody_nobody_knows_is_named(client: Browser, path: str) -> None:
    answer = client.get(f"/api/athletes/nobody/{path}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "no athlete 'nobody'; GET /api/athletes lists all")


def test_answers_keep_to_openapi_and_every_field_is_described(client: Browser) -> None:
    document = client.get("/api/openapi.json").json()
    for path, operations in document["paths"].items():
        if path.rpartition("/")[2] not in READS:
            continue
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        jsonschema.Draft202012Validator.check_schema(whole)
        answer = client.get(path.format(athlete="mia")).json()
        jsonschema.validate(answer, whole, cls=jsonschema.Draft202012Validator)
    described = [
        (name, field)
        for name, schema in document["components"]["schemas"].items()
        if "ValidationError" not in name and not name.startswith(("Totals", "Session"))
        for field, definition in schema["properties"].items()
        if not definition.get("description") and "$ref" not in str(definition)
    ]
    assert described == []


def test_a_hub_without_a_diary_has_none_of_it(guide: ScriptedGuide) -> None:
    bare = Browser(create_app(ScriptedHub(), WriteSide()))
    for path in ("/api/athletes/mia/guidance", "/api/rules"):
        assert bare.get(path).status_code == 404


def test_a_tile_tells_what_decides_where_the_board_was_let() -> None:
    hub = ScriptedHub()
    hub.change("mia", held=True, standing="stop")
    tiles = {tile["athlete"]["id"]: tile for tile in Browser(create_app(hub)).get("/api/athletes").json()}
    assert (tiles["mia"]["held"], tiles["mia"]["standing"]) == (True, "stop")
    assert (tiles["jon"]["held"], tiles["jon"]["standing"]) == (False, None)


def test_a_worn_pair_is_told_by_its_name(guide: ScriptedGuide) -> None:
    class Data:
        def shoes(self, athlete: str) -> list[Shoe]:
            return [Shoe("p1", athlete, "Blue pair")]

    guide.say("mia", [WornOut("p1", date(2026, 11, 20))], by="page")
    answer = Browser(app(guide, data=Data())).get("/api/athletes/mia/diary").json()
    assert answer["lines"][0]["sentence"] == "Said that Blue pair is worn out."
