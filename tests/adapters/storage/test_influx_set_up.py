"""``store init``: a real InfluxDB 1.6.7 made ready, and the requests that a 2.x gets."""

import json
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.influx_set_up import SetUpV1
from sensor_hub.cli.main import app
from sensor_hub.config import load_settings
from sensor_hub.errors import ConfigError, StoreError
from tests.adapters.storage.runs import HEADER, run
from tests.servers_influx import influxd
from tests.servers_influx_v2 import management

ADMIN = ("root", "a password 'with' quotes")
TOKEN = "operator-token"  # noqa: S105 (of a stand-in)
Invoke = Callable[..., tuple[int, str]]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.setenv("SENSOR_HUB_DATA_DIR", str(tmp_path / "data"))

    def call(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["store", "init", *words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout

    return call


def query(url: str, text: str, auth: tuple[str, str] | None = None) -> httpx.Response:
    return httpx.post(f"{url}/query", data={"q": text}, auth=auth, trust_env=False)


def states(out: str) -> dict[str, str]:
    return {thing["what"]: thing["state"] for thing in json.loads(out)["things"]}


def test_an_empty_server_that_asks_is_made_ready_and_the_hub_needs_no_administrator(
    tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin_file = tmp_path / "admin"
    admin_file.write_text(":".join(ADMIN))
    with influxd(tmp_path / "influxd", asks=True) as url:
        words = [f"influx+v1://{url.removeprefix('http://')}/runs", "--admin-file", str(admin_file), "--json"]
        words += ["--secrets", str(tmp_path / "secrets")]
        code, out = invoke(*words)
        assert code == 0
        assert states(out) == {
            "database runs": "made", "retention autogen": "there", "user sensor-hub": "made", "user grafana": "made",
            "sign-in": "there",
        }  # fmt: skip
        url_file, reader_file = (tmp_path / "secrets" / name for name in ("store-url", "grafana-password"))
        assert [f.stat().st_mode & 0o777 for f in (url_file, reader_file)] == [0o600, 0o600]
        assert url_file.read_text().strip() not in out
        # the hub, by the file alone
        monkeypatch.setenv("SENSOR_HUB_STORE_FILE", str(url_file))
        with closing(open_store(load_settings().store.get_secret_value())) as store:
            store.commit(run(2))
            store.erase(HEADER.athlete)
            store.commit(run(2))
            assert len(store.steps(HEADER.sid)) == 6
        # the dashboards: everything to read, nothing to write
        reader = ("grafana", reader_file.read_text().strip())
        assert "steps" in query(url, "SHOW MEASUREMENTS ON runs", reader).text
        dropped = httpx.post(
            f"{url}/query", params={"db": "runs"}, data={"q": "DROP SERIES FROM steps"}, auth=reader, trust_env=False
        )
        assert dropped.status_code == 403
        written = httpx.post(f"{url}/write", params={"db": "runs"}, content="a b=1", auth=reader, trust_env=False)
        assert written.status_code == 403
        # again: nothing new, nothing shown
        code, out = invoke(*words)
        assert (code, set(states(out).values()), json.loads(out)["files"]) == (0, {"there"}, [])
        assert invoke(*words[:3], "--check")[0] == 0


def test_check_changes_nothing_and_says_what_lacks(tmp_path: Path, invoke: Invoke) -> None:
    with influxd(tmp_path / "influxd") as url:
        address = f"influx+v1://{url.removeprefix('http://')}/runs"
        code, out = invoke(address, "--check", "--json")
        assert code == 1
        assert states(out) == {
            "database runs": "missing", "user sensor-hub": "missing", "user grafana": "missing", "sign-in": "wrong",
        }  # fmt: skip
        assert "runs" not in query(url, "SHOW DATABASES").text
        assert "auth-enabled" in out


def test_a_retention_that_would_drop_points_stops_a_hub_and_is_mended(tmp_path: Path, invoke: Invoke) -> None:
    with influxd(tmp_path / "influxd") as url:
        query(url, "CREATE DATABASE runs WITH DURATION 52w").raise_for_status()
        # what it would do: the mark of a message that was received is dated 1970
        refused = httpx.post(f"{url}/write", params={"db": "runs"}, content="received,gw=g n=1i 7", trust_env=False)
        assert refused.status_code == 400
        assert "retention policy" in refused.text
        with pytest.raises(StoreError, match=r"drops points after 8736h0m0s.*store init.*DURATION INF"):
            InfluxStore(url, database="runs")
        address = f"influx+v1://{url.removeprefix('http://')}/runs"
        assert states(invoke(address, "--check", "--json")[1])["retention autogen"] == "wrong"
        assert states(invoke(address, "--json")[1])["retention autogen"] == "made"
        with closing(InfluxStore(url, database="runs")) as store:
            store.commit(run(1))
            assert store.received("edge-1") == [(0, 2)]


def test_a_password_that_was_drawn_by_a_call_that_stopped_is_used(tmp_path: Path, invoke: Invoke) -> None:
    with influxd(tmp_path / "influxd") as url:
        address = f"influx+v1://{url.removeprefix('http://')}/runs"
        host = url.removeprefix("http://")
        (tmp_path / "store-url").write_text(f"influx+v1://sensor-hub:drawn-before@{host}/runs\n")
        assert invoke(address, "--secrets", str(tmp_path))[0] == 0
        assert query(url, "SHOW MEASUREMENTS ON runs", ("sensor-hub", "drawn-before")).is_success
        assert "drawn-before" in (tmp_path / "store-url").read_text()
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "store-url").write_text("influx+v1://sensor-hub:x@other:1/else")
        query(url, 'DROP USER "sensor-hub"').raise_for_status()
        with pytest.raises(ConfigError, match="holds something else"):
            invoke(address, "--secrets", str(tmp_path / "elsewhere"))


def test_without_a_folder_what_is_drawn_is_shown_once(tmp_path: Path, invoke: Invoke) -> None:
    with influxd(tmp_path / "influxd") as url:
        address = f"influx+v1://{url.removeprefix('http://')}/runs"
        first, again = invoke(address)[1], invoke(address)[1]
        assert "store-url, shown this once: influx+v1://sensor-hub:" in first
        assert "grafana-password, shown this once" in first
        assert "shown this once" not in again


def test_a_wrong_administrator_is_told_without_the_password(tmp_path: Path) -> None:
    with (
        influxd(tmp_path / "influxd", admin=("root", "rightone")) as url,
        pytest.raises(StoreError, match="401") as refused,
    ):
        list(SetUpV1(url, "runs", ("root", "geheim-geheim")).run(None))
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sqlite:///x.db"], "SQLite needs nothing"),
        (["influx+v1://u:geheim@h/d"], "@FILE"),
        (["influx+v2://h/b?org=o"], "--admin-file"),
        (["influx+v1://h/d", "--admin-file", "/nowhere/f"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_a_password(invoke: Invoke, words: list[str], told: str) -> None:
    with pytest.raises(ConfigError, match=told) as refused:
        invoke(*words)
    assert "geheim" not in str(refused.value)


def test_a_2_x_gets_bucket_mapping_token_and_reader_by_its_own_shapes(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with management(TOKEN) as held:
        address = f"influx+v2://{held.url.removeprefix('http://')}/runs?org=home"
        words = [address, "--admin-file", str(tmp_path / "token"), "--json"]
        code, out = invoke(*words, "--check")
        assert (code, states(out), held.changes) == (1, {"bucket runs": "missing"}, [])
        code, out = invoke(*words, "--secrets", str(tmp_path / "secrets"))
        assert code == 0
        assert states(out) == {
            "bucket runs": "made", "retention": "there", "mapping runs/autogen": "made", "token sensor-hub": "made",
            "user grafana": "made",
        }  # fmt: skip
        (bucket,), (mapping,) = held.things["/api/v2/buckets"], held.things["/api/v2/dbrps"]
        assert bucket["retentionRules"] == []
        assert (mapping["database"], mapping["retention_policy"], mapping["default"]) == ("runs", "autogen", True)
        (hub,), (reader,) = held.things["/api/v2/authorizations"], held.things["/private/legacy/authorizations"]
        resource = {"type": "buckets", "id": bucket["id"], "orgID": bucket["orgID"]}
        assert [p["action"] for p in hub["permissions"]] == ["read", "write"]
        assert reader["permissions"] == [{"action": "read", "resource": resource}]
        assert (tmp_path / "secrets" / "influx-token").read_text().strip() == hub["token"]
        assert held.passwords == {reader["id"]: (tmp_path / "secrets" / "grafana-password").read_text().strip()}
        n_changes = len(held.changes)
        assert set(states(invoke(*words)[1]).values()) == {"there"}
        assert len(held.changes) == n_changes


def test_a_bucket_that_drops_points_is_told_and_mended(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "token").write_text(TOKEN)
    with management(TOKEN) as held:
        org_id = held.things["/api/v2/orgs"][0]["id"]
        rules = [{"type": "expire", "everySeconds": 2592000}]
        bucket = {"id": "b", "orgID": org_id, "name": "runs", "retentionRules": rules}
        held.things["/api/v2/buckets"].append(bucket)
        words = [f"influx+v2://{held.url.removeprefix('http://')}/runs?org=home", "--admin-file",
                 str(tmp_path / "token"), "--json"]  # fmt: skip
        code, out = invoke(*words, "--check")
        assert (code, states(out)["retention"]) == (1, "wrong")
        assert "2592000 s" in out
        assert states(invoke(*words)[1])["retention"] == "made"
        assert bucket["retentionRules"] == [{"type": "expire", "everySeconds": 0}]


def test_an_unknown_organization_or_token_is_named(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "wrong").write_text("geheim")
    with management(TOKEN) as held:
        server = held.url.removeprefix("http://")
        with pytest.raises(StoreError, match="no organization 'else'"):
            invoke(f"influx+v2://{server}/runs?org=else", "--admin-file", str(tmp_path / "token"))
        with pytest.raises(StoreError, match="401") as refused:
            invoke(f"influx+v2://{server}/runs?org=home", "--admin-file", str(tmp_path / "wrong"))
    assert "geheim" not in str(refused.value)


def test_a_continuous_query_misses_what_comes_late_and_tidy_does_not(tmp_path: Path) -> None:
    """Why a hub makes its minutes itself."""
    with influxd(tmp_path / "influxd") as url:
        query(url, "CREATE DATABASE d").raise_for_status()
        made = "SELECT count(v) AS n INTO seconds FROM steps GROUP BY time(1s)"
        query(url, f"CREATE CONTINUOUS QUERY c ON d BEGIN {made} END").raise_for_status()

        def counted() -> int:
            found = query(url, "SELECT sum(n) FROM d.autogen.seconds").json()["results"][0]
            return int(found["series"][0]["values"][0][1]) if "series" in found else 0

        late = datetime.now(UTC) - timedelta(days=2)
        n_live = 0
        lines = f"steps v=1 {int(late.timestamp()) * 10**9}"
        deadline = time.monotonic() + 30
        while counted() < 2:  # it has run, and more than once since the late point was there
            assert time.monotonic() < deadline
            lines += f"\nsteps v=1 {time.time_ns()}"
            n_live += 1
            written = httpx.post(f"{url}/write", params={"db": "d"}, content=lines, trust_env=False)
            written.raise_for_status()
            time.sleep(0.3)
        since = f" WHERE time < {int((late + timedelta(days=1)).timestamp())}s"
        assert "series" not in query(url, "SELECT n FROM d.autogen.seconds" + since).json()["results"][0]  # noqa: S608 (our own text)
        assert "series" in query(url, "SELECT v FROM d.autogen.steps" + since).json()["results"][0]  # noqa: S608
        with closing(InfluxStore(url, database="e")) as store:
            *early, batch, end = run(3)
            store.commit([*early, end])
            assert store.tidy() == 1
            store.commit([batch])
            assert store.tidy() == 1
            kept = query(url, "SELECT sum(n_steps) + sum(n_walk_steps) FROM e.autogen.minutes").json()
            minutes = store.minutes(HEADER.sid)
            assert kept["results"][0]["series"][0]["values"][0][1] == sum(minutes.n_steps) + sum(minutes.n_walk_steps)
