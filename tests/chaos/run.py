"""One run: an edge, a broker, a hub and perhaps an InfluxDB, killed at random; then every event is looked for."""

import os
import random
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np

from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.place import Place, broker_url
from sensor_hub.config import Settings
from sensor_hub.errors import StoreError
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.ports import Store
from sensor_hub.wire import Topics
from tests import need
from tests.chaos.edge import DRAIN_S, counts
from tests.chaos.made import N_ATHLETES, Made
from tests.chaos.victims import Victim, wait_until
from tests.servers_mqtt import PASSWORD, USER, free_port

BrokerKind: TypeAlias = Literal["embedded", "defaults", "tuned"]
StoreKind: TypeAlias = Literal["sqlite", "influx"]
_FIRST_KILL_S: Final = 1.5
_LAST_KILL_S: Final = 1.0  # before the last event
_LONGEST_DOWN_S: Final = 1.2
_SHIPPED: Final = Path(__file__).parents[2] / "deploy" / "mosquitto" / "mosquitto.conf"
_OF_THE_PLACE: Final = ("listener", "password_file", "acl_file", "persistence_location", "log_", "allow_anonymous")
_TLS: Final = ("cafile", "certfile", "keyfile", "tls_", "require_certificate", "protocol", "per_listener")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is: everything about it follows from its seed."""

    seed: int
    broker: BrokerKind
    store: StoreKind
    seconds: float = 30.0
    messages_per_s: float = 300.0
    least_kills: int = 10


@dataclass(slots=True)
class Outcome:
    """What became of a run. lost, doubled : messages, rows or totals that are missing, or are there more than once."""

    plan: Plan
    kills: dict[str, int]
    falls: dict[str, int]
    n_made: int = 0
    n_stored: int = 0
    n_lost: int = 0
    n_doubled: int = 0
    n_duplicates: int = 0
    n_delivered: int = 0
    drain_s: float | None = None
    made_in_s: float | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is lost, nothing is there twice, and everything is as it was made."""
        return not self.wrong and self.n_lost == self.n_doubled == 0 and self.n_made == self.n_stored > 0

    def line(self) -> str:
        """One line a run."""
        kills = " ".join(f"{name} {n}" for name, n in self.kills.items())
        drain = "not" if self.drain_s is None else f"{self.drain_s:.1f} s"
        plan = self.plan
        return (
            f"seed {plan.seed:4d}  {plan.broker:8s} {plan.store:6s}  killed {sum(self.kills.values()):2d}"
            f" ({kills})  made {self.n_made}  stored {self.n_stored}  lost {self.n_lost}  doubled {self.n_doubled}"
            f"  duplicates delivered {self.n_duplicates}  drained {drain}" + "".join(f"\n    ! {w}" for w in self.wrong)
        )


def run(plan: Plan, folder: Path) -> Outcome:
    """Run it below a folder of its own, and end every process it began."""
    rng = random.Random(plan.seed)
    victims: dict[str, Victim] = {}
    try:
        url, store_url = _start_servers(plan, folder, victims)
        victims["edge"] = Victim(
            "edge",
            [sys.executable, "-m", "tests.chaos.edge", str(folder), str(plan.seed), str(plan.seconds),
             str(plan.messages_per_s)],
            folder / "edge.log",
            {"CHAOS_MQTT": url},
        )  # fmt: skip
        begun_s = time.monotonic()
        _kill_at_random(plan, rng, victims, begun_s)
        made_all = wait_until((folder / "all-made").exists, plan.seconds + DRAIN_S)
        made_s = time.monotonic()
        code = victims["edge"].wait(DRAIN_S + 10) if made_all else None
        outcome = Outcome(
            plan,
            {name: victim.n_kills for name, victim in victims.items()},
            {name: victim.n_falls for name, victim in victims.items()},
            drain_s=None if code is None else time.monotonic() - made_s,
            made_in_s=made_s - begun_s if made_all else None,
        )
        for name in ("edge", "hub"):
            victims[name].end()
        with closing(Outbox(folder / "outbox.db", Topics())) as outbox:
            gw, n_left = outbox.gw, outbox.depth()
        if outcome.drain_s is None or n_left:
            outcome.wrong.append(f"not drained: {n_left} messages are still in the outbox")
        verify(plan, folder, gw, store_url, outcome)
        return outcome
    finally:
        for victim in reversed(victims.values()):
            victim.end()


def _start_servers(plan: Plan, folder: Path, victims: dict[str, Victim]) -> tuple[str, str]:
    """Start broker, database and hub; return the edge's broker URL and the store's."""
    folder.mkdir(parents=True, exist_ok=True)
    hub_folder, port = folder / "hub", free_port()
    env = {"SENSOR_HUB_DATA_DIR": str(hub_folder), "SENSOR_HUB_MQTT_PORT": str(port), "SENSOR_HUB_ZONE": "UTC"}
    if plan.broker == "embedded":
        url = broker_url(Settings(data_dir=hub_folder), Place.at(hub_folder), "edge", port)
    else:
        command, url = _mosquitto(plan.broker, folder / "mosquitto", port)
        victims["broker"] = Victim("broker", command, folder / "broker.log")
        env["SENSOR_HUB_MQTT"] = url
    store_url = f"sqlite:///{hub_folder / 'store.db'}"
    if plan.store == "influx":
        victims["influxd"], store_url = _influxd(folder)
        env["SENSOR_HUB_STORE"] = store_url
    victims["hub"] = Victim("hub", [sys.executable, "-m", "tests.chaos.hub", str(folder)], folder / "hub.log", env)
    log = folder / "hub.log"
    assert wait_until(lambda: b"ready" in log.read_bytes(), 180), f"the hub did not start: {log.read_text()}"
    return url, store_url


def _mosquitto(kind: BrokerKind, folder: Path, port: int) -> tuple[list[str], str]:
    """Debian's own settings, or those that are shipped; the place and the password are the run's."""
    settings = "persistence true\n" if kind == "defaults" else shipped_settings()
    folder.mkdir()
    passwords, config = folder / "passwords", folder / "mosquitto.conf"
    subprocess.run([need.command("mosquitto_passwd"), "-b", "-c", passwords, USER, PASSWORD], check=True)
    # started as root, mosquitto gives up its rights and could not write into the run's folder
    place = f"user root\nlistener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
    config.write_text(f"{place}{settings}persistence_location {folder}/\nlog_dest stderr\n", encoding="utf-8")
    url = f"mqtt://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}"
    return [need.command("mosquitto"), "-c", str(config)], url


def shipped_settings() -> str:
    """What the shipped mosquitto.conf says, without its place, its passwords and its certificates."""
    lines = _SHIPPED.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith(("#", *_OF_THE_PLACE, *_TLS))]
    return "\n".join(kept) + "\n"


def _influxd(folder: Path) -> tuple[Victim, str]:
    port = free_port()
    data = folder / "influx"
    data.mkdir()
    env = {
        "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{port}",
        "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{free_port()}",
        "INFLUXDB_META_DIR": str(data / "meta"),
        "INFLUXDB_DATA_DIR": str(data / "data"),
        "INFLUXDB_DATA_WAL_DIR": str(data / "wal"),
        "INFLUXDB_REPORTING_DISABLED": "true",
        "INFLUXDB_HTTP_LOG_ENABLED": "false",
    }
    victim = Victim("influxd", [need.command("influxd"), "run", "-config", os.devnull], folder / "influxd.log", env)
    url = f"influx+v1://127.0.0.1:{port}/chaos"
    assert wait_until(lambda: _opens(url), 30), (folder / "influxd.log").read_text()
    return victim, url


def _opens(url: str) -> bool:
    try:
        open_store(url).close()
    except StoreError:
        return False
    return True


def _kill_at_random(plan: Plan, rng: random.Random, victims: dict[str, Victim], begun_s: float) -> None:
    """Kill so often, at moments and in an order of the seed; each victim is met at least once."""
    n = rng.randint(plan.least_kills, plan.least_kills + 3)
    names = sorted(victims)
    order = [*names, *(rng.choice(names) for _ in range(n - len(names)))]
    rng.shuffle(order)
    moments_s = sorted(rng.uniform(_FIRST_KILL_S, plan.seconds - _LAST_KILL_S) for _ in order)
    for at_s, name in zip(moments_s, order, strict=True):
        down_s = rng.uniform(0.0, _LONGEST_DOWN_S)
        time.sleep(max(0.0, begun_s + at_s - time.monotonic()))
        # one that is down is waited for: a kill is a kill of something that lives
        wait_until(lambda: victims[name].kill(down_s), 10.0)  # noqa: B023


# --- the account ------------------------------------------------------------------------------------------------------


def verify(plan: Plan, folder: Path, gw: str, store_url: str, outcome: Outcome) -> None:
    """Hold what the edge wrote down against what the store has, and write into the outcome what differs."""
    made = Made.of(plan.seed, plan.seconds, plan.messages_per_s)
    told = counts(folder)
    outcome.n_made = sum(told.values())
    if sum(outcome.kills.values()) < plan.least_kills:
        outcome.wrong.append(f"only {sum(outcome.kills.values())} kills met somebody alive")
    if outcome.n_made != made.n_messages:
        outcome.wrong.append(f"the edge made {outcome.n_made} of {made.n_messages} events")
    if "forgot" in (folder / "made.txt").read_text(encoding="utf-8"):
        outcome.wrong.append("the outbox forgot what it had said it kept (made.txt)")
    with closing(open_store(store_url)) as store:
        _account_of_numbers(store, gw, outcome)
        for athlete in range(N_ATHLETES):
            _account_of_session(store, made, athlete, outcome)
        if letters := store.dead_letters():
            outcome.wrong.append(f"{len(letters)} dead letters, the first: {letters[0].reason}")
    _account_of_deliveries(folder, outcome)


def _account_of_numbers(store: Store, gw: str, outcome: Outcome) -> None:
    ranges = store.received(gw)
    outcome.n_stored = sum(last - first + 1 for first, last in ranges)
    # a number beyond what was made is an event that was numbered, and so stored, twice
    outcome.n_lost += max(0, outcome.n_made - outcome.n_stored)
    outcome.n_doubled += max(0, outcome.n_stored - outcome.n_made)
    if ranges != [(1, outcome.n_made)]:
        outcome.wrong.append(f"received {ranges[:5]}{' …' if len(ranges) > 5 else ''}, not 1 to {outcome.n_made}")


def _account_of_session(store: Store, made: Made, athlete: int, outcome: Outcome) -> None:
    sid, steps, expected = made.header(athlete).sid, None, made.steps(athlete)
    steps, summary, gaps = store.steps(sid), store.session(sid), store.gaps(sid)
    if len(steps) != len(expected) or not _same(steps, expected):
        there, should = _keys(steps), _keys(expected)
        outcome.n_lost += len(should - there)
        outcome.n_doubled += len(steps) - len(there)
        outcome.wrong.append(f"{sid}: its {len(steps)} rows are not the {len(expected)} that were made")
    if summary is None or not summary.ended or summary.totals != made.summary(athlete).totals:
        outcome.wrong.append(f"{sid}: its totals are {None if summary is None else summary.totals}")
    if len(gaps) != made.n_gaps:
        outcome.wrong.append(f"{sid}: {len(gaps)} gaps, not {made.n_gaps}")


def _account_of_deliveries(folder: Path, outcome: Outcome) -> None:
    lines = [line.split() for line in (folder / "delivered.txt").read_text(encoding="utf-8").splitlines()]
    pairs = [(int(n_seqs), int(n)) for n_seqs, n in (line for line in lines if len(line) == 2)]
    outcome.n_duplicates = max(0, sum(n_seqs for n_seqs, _ in pairs) - outcome.n_stored)
    outcome.n_delivered = sum(n for _, n in pairs)


def _keys(steps: StepTable) -> set[tuple[int, str]]:
    return set(zip(steps.time_utc_us.tolist(), steps.side.tolist(), strict=True))


def _same(steps: StepTable, expected: StepTable) -> bool:
    order, ours = (np.lexsort((table.side, table.time_utc_us)) for table in (expected, steps))
    return all(
        np.array_equal(getattr(steps, name)[ours], getattr(expected, name)[order], equal_nan=name in FLOAT_COLUMNS)
        for name in ("time_utc_us", "side", "step_time_origin", "gait", *FLOAT_COLUMNS)
    )
