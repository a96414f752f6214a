"""Every query of the shipped dashboards and alert rules against a real influxd that the demo's squad has filled."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from pydantic import SecretStr

from dashboards.source.__main__ import files
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.line_protocol import FINDING_NUMBERS, HEADER, TOTALS
from sensor_hub.app.demo import SquadShow
from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.replaying import play_simulated, simulated_setup
from sensor_hub.config import Settings
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Event as Said
from sensor_hub.model.session import SessionSummary, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.simulation.squad import LiveRun, live_runs
from sensor_hub.words import as_a_force
from tests.servers_influx import influxd

FOLDER: Final = Path(__file__).parents[2] / "dashboards"
RULES: Final = yaml.safe_load((FOLDER / "provisioning/alerting/sensor_hub.yaml").read_text(encoding="utf-8"))
DASHBOARDS: Final = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
DATABASE: Final = "runs"
HOLE_S: Final = (90.0, 110.0)


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            yield name, panel


def queries() -> Iterator[Any]:
    for name, panel in panels():
        for target in panel["targets"]:
            yield pytest.param(name, target["query"], id=f"{name}/{panel['title']}/{target['refId']}")


def rule_queries() -> Iterator[Any]:
    for group in RULES["groups"]:
        for rule in group["rules"]:
            yield pytest.param(rule["data"][0]["model"]["query"], id=rule["title"])


@dataclass(frozen=True)
class Filled:
    """A server with data; ``ended`` and ``running`` are (athlete, sid)."""

    url: str
    ended: tuple[str, str]
    running: tuple[str, str]
    from_utc: datetime
    to_utc: datetime

    def ask(self, query: str, days: float = 0.0) -> list[dict[str, Any]]:
        """Series of one statement, asked as Grafana asks, over so many days more than the last session took."""
        from_utc = self.from_utc - timedelta(days=days)
        values = {
            "athlete": self.ended[0], "session": self.ended[1], "__interval": "10s",
            "timeFilter": f"time >= {from_utc.timestamp() * 1000:.0f}ms and "
            f"time <= {self.to_utc.timestamp() * 1000:.0f}ms",
        }  # fmt: skip
        text = re.sub(r"\$(__interval|timeFilter|athlete|session)\b", lambda m: values[m[1]], query)
        assert "$" not in text, f"a variable is left over in {text}"
        answer = httpx.post(
            f"{self.url}/query", params={"db": DATABASE, "epoch": "ms"}, data={"q": text}, trust_env=False
        )
        body = answer.json()
        assert answer.status_code == 200, body
        (result,) = body["results"]
        assert "error" not in result, f"{result['error']}: {text}"
        series: list[dict[str, Any]] = result.get("series", [])
        return series


def short(run: LiveRun, distance_m: float) -> LiveRun:
    return replace(run, profile=SpeedProfile.steady(2.9, distance_m))


def run_events(live: LiveRun, start_utc: datetime, *, finish: bool) -> list[Said]:
    """A simulated run, with a silence and a payload that is broken."""
    setup = simulated_setup(live, live.athlete, start_utc)
    session = RunSession(setup)
    hole = [start_utc + timedelta(seconds=live.start_offset_s + s) for s in HOLE_S]
    items: list[RawNotification] = []
    for i, raw in enumerate(live.notifications(start_utc)):
        if not hole[0] <= raw.arrival_utc < hole[1]:
            items.append(replace(raw, payload=raw.payload[:3]) if i == 500 else raw)
    events = list(session.receive_many(items))
    return [*events, *session.finish()] if finish else events


def of_both_feet(event: Said) -> Said:
    """The simulated runner wears one pod; a second would have measured the other leg."""
    if not isinstance(event, StepBatch | SessionSummary) or event.totals.load_bw_s is None:
        return event
    load_bw_s = event.totals.load_bw_s
    return replace(
        event, totals=replace(event.totals, load_left_bw_s=1.01 * load_bw_s, load_right_bw_s=0.99 * load_bw_s)
    )


def show(url: str, folder: Path) -> None:
    """The demo's squad: its season, and its three runs shortened, as fast as they go, through a broker and a hub."""
    place, played = Place.at(folder), SquadShow(seed=1, speed=0.0)
    store = SecretStr(f"influx+v1://{url.removeprefix('http://')}/{DATABASE}")
    hub = Hub(Settings(data_dir=folder, mqtt_port=0, store=store), place, web=False)
    cast = [hub.registry.add_athlete(a.display_name, a.zone, simulated=True) for a in played.cast()]
    model, today = ACHILLES_1, datetime.now(UTC).date()
    past = played.past(cast, today, model=model.version, reference=model.reference.id)
    hub.store.commit([Envelope("season", i, run) for i, run in enumerate(run for one in past for run in one.sessions)])
    hub.start()
    edge = Edge(place.outbox, hub.mqtt_url, hub.topics)
    edge.start()
    try:
        runs = tuple(short(run, 500.0) for run in live_runs(1, cast))
        play_simulated(runs, edge, start_utc=datetime.now(UTC), speed=0.0, recordings=None)
        assert edge.publisher.wait_drained(60.0)
    finally:
        edge.stop(drain_s=0.0)
        hub.stop()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    start_utc = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    first, _, third = live_runs(1)
    ended = [of_both_feet(event) for event in run_events(short(first, 700.0), start_utc, finish=True)]
    running = run_events(short(third, 400.0), start_utc, finish=False)
    garbage = DeadLetter("sensorhub/v1/home/ath/x/s/y/steps", b"\xff{", "message: not JSON", "edge-1", 10_000)
    with influxd(tmp_path_factory.mktemp("influxd")) as url:
        show(url, tmp_path_factory.mktemp("demo"))
        store = InfluxStore(url, database=DATABASE)
        store.commit([Envelope("edge-1", i, event) for i, event in enumerate(ended)], [garbage])
        store.commit([Envelope("edge-2", i, event) for i, event in enumerate(running)])
        header = ended[0].header
        simulated = (
            Finding(
                athlete=header.athlete, rule="session-limit", scope=f"session:{header.sid}", measure="load_eq_km",
                level="limit", severity="alert", certainty="above", probability=0.91, value=11.0, reference=9.3,
                limit=10.23, window_days=30, confidence="normal", lower_bound=False,
                first_utc=start_utc + timedelta(minutes=3), updated_utc=start_utc + timedelta(minutes=3),
                origin="simulated",
            )
        )  # fmt: skip
        other = running[0].header
        live = replace(simulated, athlete=other.athlete, scope=f"session:{other.sid}", origin="live")
        for finding in (simulated, live, replace(live, rule="new-fast", withdrawn=True)):
            store.save_finding(finding)
        store.tidy()
        store.close()
        yield Filled(
            url, (header.athlete, header.sid), (other.athlete, other.sid), start_utc - timedelta(minutes=1),
            datetime.now(UTC) + timedelta(minutes=1),
        )  # fmt: skip


@pytest.mark.parametrize(("dashboard", "query"), list(queries()))
def test_every_query_of_every_panel_returns_rows_with_a_value_in_each_column(
    filled: Filled, dashboard: str, query: str
) -> None:
    found = filled.ask(query, days=90.0 if dashboard == "athlete" else 0.0)
    assert found, "no rows"
    for column in found[0]["columns"]:
        values = [row[s["columns"].index(column)] for s in found for row in s["values"]]
        assert any(value is not None for value in values), f"column {column!r} is empty"


@pytest.mark.parametrize("query", list(rule_queries()))
def test_every_query_of_every_alert_rule_is_one_the_server_answers(filled: Filled, query: str) -> None:
    for series in filled.ask(query):  # of what is well there are no rows
        assert series["columns"] == ["time", "value"]


def test_alert_rules_fire_for_a_dead_letter_and_for_a_real_finding_that_stands(filled: Filled) -> None:
    (letters,) = (q.values[0] for q in rule_queries() if q.id == "Messages that could not be used")
    (findings,) = (q.values[0] for q in rule_queries() if q.id == "A finding that asks for attention")
    assert filled.ask(letters)[0]["values"][-1][1] == 1
    assert filled.ask(findings)[0]["values"][-1][1] == 1, "neither simulated nor withdrawn ones"


def test_the_demos_squad_is_on_the_dashboard_of_everybody(filled: Filled) -> None:
    (panel,) = (p for name, p in panels() if name == "squad" and p["title"].startswith("Sessions so far"))
    runners = {series["tags"]["ath"] for series in filled.ask(panel["targets"][0]["query"])}
    assert len(runners) >= 4, "three of the demo, and those of the last hour"


def test_the_variables_offer_the_athletes_and_the_sessions_of_the_chosen_one(filled: Filled) -> None:
    athlete, session = DASHBOARDS["session"]["templating"]["list"]

    def offered(query: str) -> set[str]:
        return {row[1] for series in filled.ask(query) for row in series["values"]}

    assert offered(athlete["query"]) >= {filled.ended[0], filled.running[0]}
    assert offered(session["query"]) == {filled.ended[1]}


def test_the_running_session_is_the_one_that_started_and_has_no_end(filled: Filled) -> None:
    (panel,) = (p for _, p in panels() if p["title"].startswith("Sessions: started"))
    started, ended = (
        {(s["tags"]["ath"], s["tags"]["sid"]) for s in filled.ask(target["query"])} for target in panel["targets"]
    )
    assert started >= {filled.ended, filled.running}
    assert filled.ended in ended
    assert filled.running not in ended


def test_each_gateway_is_counted_by_its_messages_and_not_by_the_time_range(filled: Filled) -> None:
    (panel,) = (p for _, p in panels() if p["title"].startswith("Messages received by gateway"))
    query = panel["targets"][0]["query"]
    assert "timeFilter" not in query
    counts = {s["tags"]["gw"]: s["values"][0][1] for s in filled.ask(query)}
    assert counts.keys() > {"edge-1", "edge-2"}
    assert min(counts["edge-1"], counts["edge-2"]) > 100


def test_cadence_and_contact_time_have_the_values_of_a_runner(filled: Filled) -> None:
    def values(title: str) -> list[float]:
        (panel,) = (p for _, p in panels() if p["title"] == title)
        rows = [row for s in filled.ask(panel["targets"][0]["query"]) for row in s["values"]]
        return [row[1] for row in rows if row[1] is not None]

    cadence_spm, contact_time_s = values("Cadence"), values("Contact time by side")
    assert 150 < sorted(cadence_spm)[len(cadence_spm) // 2] < 190
    assert 0.15 < sorted(contact_time_s)[len(contact_time_s) // 2] < 0.4


def test_every_panel_has_a_title_a_description_a_unit_and_the_provisioned_datasource() -> None:
    text = (FOLDER / "provisioning" / "datasources" / "influxdb.yaml").read_text(encoding="utf-8")
    (source,) = yaml.safe_load(text)["datasources"]
    for name, panel in panels():
        assert panel["title"], name
        assert panel["description"], panel["title"]
        assert {panel["datasource"]["uid"], *(t["datasource"]["uid"] for t in panel["targets"])} == {source["uid"]}
        if panel["type"] != "table":
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
    assert (source["type"], source["jsonData"]["dbName"]) == ("influxdb", DATABASE)


MODELLED: Final = re.compile(r"load_|hard_load|achilles|vgrf|push_off|stiffness|\bfinding\b")
ABSOLUTE: Final = re.compile(r"_bw_s\b|achilles_\w*(peak|impulse)|vgrf_peak|\bfinding\b")  # forces and sums of them


def test_every_panel_with_a_modelled_value_says_so_in_its_title() -> None:
    n_modelled = n_absolute = 0
    for _, panel in panels():
        fields = " ".join(t["query"] for t in panel["targets"])
        if re.search(r"SELECT count\(", fields):
            continue
        if MODELLED.search(fields):
            n_modelled += 1
            assert "modelled" in panel["title"]
        if ABSOLUTE.search(fields) and """"measure" = 'load_eq_km'""" not in fields:
            n_absolute += 1
            assert as_a_force().removeprefix("modelled, ") in panel["title"], "an absolute force without its ±40 %"
    assert (n_modelled, n_absolute) == (20, 10)


def test_a_hard_load_never_stands_without_its_spread() -> None:
    n_shown = 0
    for _, panel in panels():
        queries_of = " ".join(t["query"] for t in panel["targets"])
        if "hard_load_bw_s" in queries_of:
            n_shown += 1
            assert "hard_load_sd" in queries_of, panel["title"]
    assert n_shown == 5


def test_a_panel_of_one_number_shows_columns_that_its_query_returns(filled: Filled) -> None:
    for _, panel in panels():
        fields = panel.get("options", {}).get("reduceOptions", {}).get("fields")
        if panel["type"] == "stat" and fields:
            columns = [c for t in panel["targets"] for s in filled.ask(t["query"]) for c in s["columns"]]
            assert any(re.search(fields.strip("/"), column) for column in columns), panel["title"]


def test_ended_sessions_say_of_which_ledger_they_are() -> None:
    shown = [p for _, p in panels() if p["title"].startswith("Ended sessions")]
    assert shown
    assert all('"ledger"' in panel["targets"][0]["query"] for panel in shown)


def test_no_panel_calls_the_model_provisional() -> None:
    assert [name for name, dashboard in DASHBOARDS.items() if "provisional" in json.dumps(dashboard)] == []


def test_dashboards_name_only_measurements_and_fields_that_the_store_writes() -> None:
    tags = {"ath", "sid", "side", "gw", "device", "characteristic", "id"}
    own = {"duration_s", "end_us", "cause", "problem", "reason", "topic", "seq", "n", "ended", "unknown"}
    finding = {"rule", "measure", "level", "severity", "certainty", "confidence", "origin", "withdrawn"}
    known = tags | own | finding | {*FINDING_NUMBERS, *HEADER, *TOTALS, *FLOAT_COLUMNS}
    measurements = {
        "steps", "session_open", "progress", "session", "gap", "decode_failure", "finding", "dead_letter", "received",
        "minutes",
    }  # fmt: skip
    for _, panel in panels():
        for target in panel["targets"]:
            query = target["query"]
            aliases = set(re.findall(r'AS "([^"]+)"', query))
            assert set(re.findall(r'FROM "([^"]+)"', query)) <= measurements
            assert set(re.findall(r'"([^"]+)"', query)) <= known | measurements | aliases


def test_no_dashboard_fixes_a_theme_or_a_background() -> None:
    for name, dashboard in DASHBOARDS.items():
        text = json.dumps(dashboard)
        assert "style" not in dashboard, name
        assert not re.search(r'"(fixedC|c)olor": "#', text), f"{name}: a hex colour suits only one theme"


def test_uids_are_stable_and_links_lead_to_dashboards_that_exist() -> None:
    uids = {dashboard["uid"] for dashboard in DASHBOARDS.values()}
    assert uids == {"sensor-hub-squad", "sensor-hub-athlete", "sensor-hub-session", "sensor-hub-pipeline"}
    for dashboard in DASHBOARDS.values():
        assert dashboard["links"], dashboard["title"]
        assert set(re.findall(r"/d/([a-z-]+)", json.dumps(dashboard))) <= uids
        assert [p["id"] for p in dashboard["panels"]] == list(range(1, len(dashboard["panels"]) + 1))


def test_what_is_committed_is_what_the_source_makes() -> None:
    assert files(), "nothing would be made"
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make dashboards"
    assert {path for path in files() if path.parent == FOLDER} == set(FOLDER.glob("*.json"))


def test_grafana_would_take_no_other_file_below_its_folder_for_a_dashboard() -> None:
    assert set(FOLDER.rglob("*.json")) == set(FOLDER.glob("*.json"))


def test_every_alert_rule_is_fed_by_the_provisioned_datasource_and_says_what_to_look_at() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert len({rule["uid"] for rule in rules}) == len(rules) == 4
    for rule in rules:
        first, *expressions = rule["data"]
        assert first["datasourceUid"] == "sensor-hub"
        assert [e["datasourceUid"] for e in expressions] == ["__expr__", "__expr__"]
        assert rule["condition"] == rule["data"][-1]["refId"]
        assert rule["annotations"]["summary"], rule["title"]
        assert (rule["noDataState"], rule["execErrState"]) == ("OK", "Error")
