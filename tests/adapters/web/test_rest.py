import json
from dataclasses import fields
from typing import Any, get_args

import jsonschema
import pytest

from sensor_hub.adapters.web import create_app
from sensor_hub.adapters.web.answers import FindingAnswer
from sensor_hub.model.finding import FindingMeasure
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader
from sensor_hub.model.timeline import COLUMNS
from tests.adapters.web.asgi import Browser
from tests.adapters.web.hub import WARNINGS, ScriptedHub, finding
from tests.adapters.web.timelines import GAP


@pytest.fixture
def hub() -> ScriptedHub:
    return ScriptedHub()


@pytest.fixture
def client(hub: ScriptedHub) -> Browser:
    return Browser(create_app(hub))


def get(client: Browser, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    # Python's own reader takes the NaN that JSON forbids; this one does not.
    return json.loads(response.text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def test_athletes_come_in_the_hubs_order_with_units_in_names(client: Browser) -> None:
    tiles = get(client, "/api/athletes")
    assert [t["athlete"]["id"] for t in tiles] == ["mia", "jon", "new", "ada", "sim", "off"]
    assert tiles[0]["cadence_spm"] == 172.0
    assert tiles[0]["contact_time_s"] == 0.241
    assert tiles[0]["headroom"][1] == {
        "measure": "load_eq_km", "reference": pytest.approx(10.2), "limit": 11.22, "so_far": 12.4,
        "left": pytest.approx(-1.18), "confidence": "normal", "reason": None, "probability": None,
        "without_hills": False,
    }  # fmt: skip
    assert tiles[5]["cadence_spm"] is None


def test_body_mass_never_leaves_the_registry(client: Browser) -> None:
    for path in ("/api/athletes", "/api/athletes/mia", "/api/athletes/mia/sessions", "/api/findings"):
        assert "mass" not in client.get(path).text


def test_an_athlete_has_tile_and_findings_in_words(client: Browser) -> None:
    page = get(client, "/api/athletes/mia")
    assert page["today"] == "2026-11-20"
    first = page["findings"][0]
    assert first["id"] == finding().id
    assert first["sentence"].startswith("This run's modelled push-off load (12.4 eq-km) is 22 % above")
    assert first["why"][0].startswith("Rule: session limit = 1.10")


def test_the_load_of_an_athlete_shows_unknown_as_null(client: Browser) -> None:
    load = get(client, "/api/athletes/mia/load")
    assert load["today_distance_m"] == 11_900.0
    assert load["week_load_eq_km"] is None, "the hub says NaN"
    assert load["weeks"][4]["distance_m"] is None
    assert load["weeks"][7]["distance_m"] == 0.0
    assert load["days"][-1]["limit_distance_m"] == 11_220.0


def test_the_ratios_of_an_athlete_are_shown_and_say_why_one_is_unknown(client: Browser) -> None:
    assert get(client, "/api/athletes/mia/load")["ratios"] == [
        {"measure": "distance_m", "rolling": 1.12, "weighted": 1.08, "reason": None},
        {"measure": "load_eq_km", "rolling": None, "weighted": None, "reason": "mixed-instruments"},
    ]


def test_warnings_come_as_codes_and_in_words(client: Browser) -> None:
    (session,) = get(client, "/api/athletes/mia/sessions")
    assert session["warnings"] == list(WARNINGS)
    assert session["warning_texts"][0] == WARNINGS[0], "a code of another version is shown as it is"
    assert session["warning_texts"][2].startswith("pod-left: it seems to have slipped")


def test_a_timeline_is_columns_of_one_length_with_null_where_nothing_is_known(client: Browser) -> None:
    found = get(client, "/api/sessions/mia-1/timeline")
    assert (found["sid"], found["n_pieces"], found["bin_s"], found["from_minutes"]) == ("mia-1", 360, 10.0, False)
    assert {len(found[name]) for name in COLUMNS} == {360}
    in_gap = round(GAP.begin_s / 10)
    assert (found["load_eq_km"][in_gap], found["cadence_spm"][in_gap]) == (None, None)
    assert found["load_eq_km"][in_gap - 1] == pytest.approx(1.05 * 3.6)
    assert found["unseen"][0] == {
        "begin_s": 1200.0, "end_s": 1260.0, "cause": "disconnected", "device": "pod-left",
        "cause_text": "the connection to the sensor was lost",
    }  # fmt: skip
    assert (found["unseen"][1]["cause_text"], found["unseen"][1]["device"]) == ("paused", None)


def test_a_session_without_kept_steps_has_a_timeline_without_pieces(client: Browser, hub: ScriptedHub) -> None:
    hub.let_go = True
    found = get(client, "/api/sessions/mia-1/timeline")
    assert (found["n_pieces"], found["bin_s"], found["unseen"]) == (0, None, [])
    assert {len(found[name]) for name in COLUMNS} == {0}
    get(client, "/api/sessions/nobodys/timeline", 404)


def test_sessions_and_steps(client: Browser) -> None:
    (session,) = get(client, "/api/athletes/mia/sessions")
    assert session == get(client, "/api/sessions/mia-1")
    assert (session["model"], session["ended"], session["totals"]["load_eq_km"]) == ("achilles-1.0.0", False, None)
    assert session["start_utc"] == "2026-11-20T09:30:00Z"
    steps = get(client, "/api/sessions/mia-1/steps")
    assert (steps["n_rows"], steps["side"]) == (4, ["L", "R", "U", "U"])
    assert steps["contact_time_s"] == [0.25, None, 0.25, 0.25]


def test_each_step_says_whether_it_was_measured_and_null_where_nobody_knows(client: Browser) -> None:
    steps = get(client, "/api/sessions/mia-1/steps")
    assert steps["step_time_origin"] == ["estimated", "estimated", "measured", None]
    assert steps["foot_pitch_rad"] == [0.25, None, 0.25, 0.25]
    assert steps["duty_factor"] == [0.5, None, 0.5, 0.5]


def test_totals_tell_what_is_known_of_the_contacts(client: Browser) -> None:
    totals = get(client, "/api/sessions/mia-1")["totals"]
    assert (totals["duty_factor"], totals["flight_time_s"], totals["contact_balance_left"]) == (0.36, 0.1, 0.49)
    assert (totals["contact_time_bias_s"], totals["foot_pitch_rad"], totals["foot_strike"]) == (None, 0.2, "rearfoot")


def test_totals_tell_the_load_of_each_leg_and_of_walking(client: Browser) -> None:
    session = get(client, "/api/sessions/mia-1")
    assert (session["instrument"], session["surface"]) == ("imu/feet/foot-1.0", "treadmill")
    totals = session["totals"]
    assert [totals[f"load_{leg}bw_s"] for leg in ("", "left_", "right_")] == [3100.0, 3050.0, 3150.0]
    assert (totals["achilles_peak_bw"], totals["n_walk_steps"], totals["walk_load_bw_s"]) == (5.1, 40.0, 9.5)
    assert totals["leg_stiffness_bw_per_m"] is totals["hard_load_sd"] is None


def test_each_step_says_its_gait_and_how_sure_its_forces_are(client: Browser) -> None:
    steps = get(client, "/api/sessions/mia-1/steps")
    assert steps["gait"] == ["run", "walk", None, "run"]
    for name in ("vgrf_peak_sd", "achilles_peak_sd", "achilles_impulse_sd", "achilles_push_off_bw_s", "grade"):
        assert steps[name] == [0.25, None, 0.25, 0.25], name


def test_a_session_and_its_steps_have_every_field_of_the_model(client: Browser) -> None:
    session, steps = get(client, "/api/sessions/mia-1"), get(client, "/api/sessions/mia-1/steps")
    assert set(session["totals"]) == {f.name for f in fields(Totals)}
    assert set(session) >= {f.name for f in fields(SessionHeader)} - {"profile"}
    assert set(steps) == {f.name for f in fields(StepTable)} | {"sid", "n_rows", "kept", "duty_factor"}


@pytest.mark.parametrize("answer", ["TotalsAnswer", "StepsAnswer"])
def test_every_force_says_modelled_and_every_deviation_from_what(client: Browser, answer: str) -> None:
    told = get(client, "/api/openapi.json")["components"]["schemas"][answer]["properties"]
    forces = {name for name in told if name.endswith(("_bw", "_bw_s", "_bw_per_m"))}
    assert len(forces) >= 5
    for name in forces:
        text = told[name]["description"]
        assert "modelled" in text.lower(), name
        assert ("±40 %" in text) == (not name.startswith(("vgrf", "vertical", "leg"))), name
    for name in {name for name in told if name.endswith("_sd")} - {"contact_time_sd"}:
        beside = "beside a force plate" if name == "vgrf_peak_sd" else "comparison with the same runner's"
        assert beside in told[name]["description"], name


def test_openapi_says_which_values_are_estimated(client: Browser) -> None:
    schemas = get(client, "/api/openapi.json")["components"]["schemas"]
    steps, totals = schemas["StepsAnswer"], schemas["TotalsAnswer"]["properties"]
    assert "estimated from half a stride" in steps["description"]
    for field in ("n_steps", "step_time_s", "flight_time_s", "step_time_origin"):
        assert "estimated" in steps["properties"][field]["description"], field
    assert "null throughout in tier speed" in steps["properties"]["contact_time_s"]["description"]
    assert "null in tier speed" in totals["contact_time_s"]["description"]
    assert "estimated" in totals["n_steps"]["description"]


def test_findings_are_listed_whole(client: Browser) -> None:
    assert len(get(client, "/api/findings")) == 3


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/athletes/nobody", "no athlete 'nobody'; GET /api/athletes lists all"),
        ("/api/athletes/nobody/load", "no athlete 'nobody'; GET /api/athletes lists all"),
        ("/api/athletes/nobody/sessions", "no athlete 'nobody'; GET /api/athletes lists all"),
        ("/api/sessions/x", "no session 'x'; GET /api/athletes/{id}/sessions lists an athlete's"),
        ("/api/sessions/x/steps", "no session 'x'; GET /api/athletes/{id}/sessions lists an athlete's"),
        ("/api/weather", "no resource /api/weather; /api/openapi.json lists all"),
        ("/api/", "no resource /api/; /api/openapi.json lists all"),
    ],
)
def test_what_is_not_there_is_named_in_json(client: Browser, path: str, detail: str) -> None:
    assert get(client, path, 404) == {"detail": detail}


def test_a_hub_that_cannot_be_read_answers_503_with_its_mend(client: Browser, hub: ScriptedHub) -> None:
    assert get(client, "/api/health") == {"status": "ok", "n_athletes": 6}
    hub.broken = True
    for path in ("/api/health", "/api/athletes", "/api/athletes/mia/load", "/api/sessions/mia-1/steps"):
        assert get(client, path, 503) == {"detail": "hub.db: disk is full (free some space)"}


def test_a_hub_that_takes_nothing_in_answers_503_while_its_history_can_be_read(
    client: Browser, hub: ScriptedHub
) -> None:
    hub.problem = "the broker at 127.0.0.1 port 1883 does not answer (start it)"
    trouble = get(client, "/api/health", 503)
    assert trouble == {"status": "trouble", "problem": hub.problem}
    document = get(client, "/api/openapi.json")
    schema = document["paths"]["/api/health"]["get"]["responses"]["503"]["content"]["application/json"]["schema"]
    promised = {**schema, "components": document["components"]}
    for answer in (trouble, {"detail": "hub.db: disk is full (free some space)"}):
        jsonschema.validate(answer, promised, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"status": "ok"}, promised, cls=jsonschema.Draft202012Validator)
    assert len(get(client, "/api/athletes")) == 6
    hub.problem = None
    assert get(client, "/api/health") == {"status": "ok", "n_athletes": 6}


def test_rest_only_reads(client: Browser) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = client.request(method, "/api/athletes")
        assert (response.status_code, response.headers["allow"]) == (405, "GET")
        assert response.json() == {"detail": "/api/athletes can only be read; the command line writes"}


def test_openapi_is_whole_and_every_answer_keeps_to_it(client: Browser) -> None:
    document = get(client, "/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    expected = {
        "/api/health", "/api/report", "/api/athletes", "/api/athletes/{athlete}", "/api/athletes/{athlete}/sessions",
        "/api/athletes/{athlete}/load", "/api/sessions/{sid}", "/api/sessions/{sid}/steps",
        "/api/sessions/{sid}/timeline", "/api/findings",
    }  # fmt: skip
    assert set(document["paths"]) == expected
    for path, operations in document["paths"].items():
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        resolvable = {**schema, "components": document["components"]}
        jsonschema.Draft202012Validator.check_schema(resolvable)
        answer = get(client, path.format(athlete="mia", sid="mia-1"))
        jsonschema.validate(answer, resolvable, cls=jsonschema.Draft202012Validator)


def test_every_field_of_openapi_says_what_it_is_in_which_unit(client: Browser) -> None:
    for name, schema in get(client, "/api/openapi.json")["components"]["schemas"].items():
        if "ValidationError" in name:  # FastAPI's own
            continue
        for field, definition in schema["properties"].items():
            assert definition.get("description") or "$ref" in str(definition), (name, field)
            units = {"_per_m": "BW/m", "_m": "m.", "_bw_s": "BW·s", "_s": "s", "_spm": "minute", "_eq_km": "eq",
                     "_bw": "body weights"}  # fmt: skip
            suffix = next((suffix for suffix in units if field.endswith(suffix)), None)
            if suffix is not None:
                assert units[suffix] in definition["description"], (name, field)


RULE_OF = {
    "distance_m": "build-up", "load_eq_km": "session-limit", "hard_load_bw_s": "session-limit",
    "speed_mps": "week-speed", "n_runs": "week-runs", "uphill_s": "new-hills", "climb_m_per_km": "new-hills",
    "speed_5min_mps": "new-fast", "hard_days": "hard-days", "spacing_h": "hard-spacing",
    "treadmill_share": "surface-change", "track_share": "surface-change", "trail_share": "surface-change",
    "road_share": "surface-change", "forefoot_share": "strike-change",
}  # fmt: skip


def test_a_finding_of_any_measure_is_answered_with_its_words() -> None:
    assert set(RULE_OF) == {measure for some in get_args(FindingMeasure) for measure in get_args(some)}
    for measure, rule in RULE_OF.items():
        told = FindingAnswer.of(finding(measure=measure, rule=rule))  # type: ignore[arg-type]
        assert told.measure == measure
        assert told.sentence
        assert told.why
