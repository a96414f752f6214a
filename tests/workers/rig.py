"""Three hub workers, a broker, edges; one worker killed every so often; and the account of it."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.watching import JUDGED_AT_START
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.finding import Finding
from sensor_hub.model.ports import Store
from sensor_hub.wire import Topics, decode, encode
from tests.workers.runs import Run, afternoon_of, past_of, runs_of

SITE: Final = "workers"
TOPICS: Final = Topics(SITE)


@dataclass(frozen=True)
class Plan:
    """What is tried. n_batches : of each run, one a second. killed_every_s : one worker; 0 for never."""

    n_workers: int = 3
    n_athletes: int = 36
    n_edges: int = 4
    n_batches: int = 120
    killed_every_s: float = 10.0
    seed: int = 1
    settled_within_s: float = 60.0


@dataclass
class Account:
    """What came of it. Everything in ``wrong`` is a difference that must not be."""

    figures: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def same(self, what: str, expected: object, found: object) -> None:
        self.figures[what] = found
        if expected != found:
            self.wrong.append(f"{what}: expected {expected}, found {found}")


class Worker:
    """One hub process, killed and started again."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder, self._env = folder, env
        folder.mkdir(parents=True)
        self.n_starts = 0
        self.start()

    def start(self) -> None:
        self.n_starts += 1
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.workers.worker", self._folder / "data", self._folder / "tellings"],
                env={**os.environ, **self._env}, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def wait_ready(self) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line == b"ready\n", (self._folder / "log").read_text()

    def kill(self) -> None:
        self._process.kill()
        self._end()

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._end()

    def tellings(self) -> list[dict[str, Any]]:
        file = self._folder / "tellings"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def log(self) -> str:
        return (self._folder / "log").read_text()

    def _end(self) -> None:
        self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Alerts:
    """Somebody who listens to the alert topics from the first moment on."""

    def __init__(self, url: str) -> None:
        address = BrokerAddress.parse(url)
        self.heard: list[tuple[str, bytes]] = []
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "alerts")
        self._client.username_pw_set(address.user, address.password)
        self._client.on_message = lambda _c, _u, m: self.heard.append((m.topic, bytes(m.payload)))
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect(address.host, address.port)
        self._client.loop_start()
        self._client.subscribe(TOPICS.alert("+", "+"), qos=1)
        assert subscribed.wait(10)

    def standing(self) -> dict[str, bytes]:
        newest = dict(self.heard)
        return {topic: payload for topic, payload in newest.items() if payload}

    def n_repeated(self) -> int:
        """Messages that say what stood on their topic already."""
        newest: dict[str, bytes] = {}
        n = 0
        for topic, payload in self.heard:
            n += newest.get(topic) == payload
            newest[topic] = payload
        return n

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def tried(root: Path, url: str, store_url: str, registry_url: str, plan: Plan) -> Account:
    """Let the runs be run, the workers be killed, and hold what is left against what one hub makes of the same."""
    now_utc = datetime.now(UTC)
    with Registry(registry_url) as registry:
        zone = afternoon_of(now_utc)
        people = [registry.add_athlete(f"Runner {n}", zone, simulated=True) for n in range(plan.n_athletes)]
    store = open_store(store_url)
    for who in people:
        store.commit(past_of(who, now_utc))
    runs = runs_of(people, plan.n_batches, now_utc)
    env = {
        "SENSOR_HUB_SHARED": "true", "SENSOR_HUB_SITE": SITE, "SENSOR_HUB_MQTT": url, "SENSOR_HUB_STORE": store_url,
        "SENSOR_HUB_REGISTRY": registry_url,
    }  # fmt: skip
    account = Account()
    with ExitStack() as stack:
        stack.callback(store.close)
        alerts = Alerts(url)
        stack.callback(alerts.close)
        workers = [Worker(root / f"worker-{n}", env) for n in range(plan.n_workers)]
        for worker in workers:
            stack.callback(worker.close)
        for worker in workers:
            worker.wait_ready()
        sent, n_kills = _run(root, url, runs, workers, plan, stack)
        alone = _alone(root, people, now_utc, runs)
        stack.callback(alone.store.close)
        took_s = _settled(store, registry_url, alone, alerts, plan)
        for worker in workers:
            worker.close()
        time.sleep(0.5)  # what the broker had still to pass on
        account.figures |= {"killed -9": n_kills, "settled after the last event, s": round(took_s, 1)}
        _hold(account, store, sent, runs, alone, workers, alerts)
    return account


@dataclass
class Sent:
    """What an edge had sent: its gateway, the last number, what was left in the outbox."""

    gw: str
    last: int
    left: int


def _run(
    root: Path, url: str, runs: Sequence[Run], workers: list[Worker], plan: Plan, stack: ExitStack
) -> tuple[list[Sent], int]:
    """Send one event of every run a second, and kill; return when every outbox is empty, or it takes too long."""
    edges = []
    for n in range(plan.n_edges):
        outbox = Outbox(root / f"edge-{n}.db", TOPICS)
        publisher = OutboxPublisher(outbox, url, TOPICS, resend_after_s=2.0)
        stack.callback(outbox.close)
        stack.callback(publisher.stop)
        publisher.start()
        publisher.wait_connected(10.0)
        edges.append((outbox, publisher))
    rng, n_kills = random.Random(plan.seed), 0
    starting: list[Worker] = []
    begun_s = time.monotonic()
    next_kill_s = begun_s + plan.killed_every_s if plan.killed_every_s else float("inf")
    last = [0] * len(edges)
    for second, events in enumerate(zip(*(list(run.events()) for run in runs), strict=True)):
        for n, event in enumerate(events):
            last[n % len(edges)] += edges[n % len(edges)][0].append([event], first_index=second, sid=event.header.sid)
        while (wait_s := begun_s + second + 1 - time.monotonic()) > 0:
            time.sleep(min(wait_s, 0.05))
            if time.monotonic() >= next_kill_s:
                for worker in starting:
                    worker.wait_ready()
                victim = rng.choice(workers)
                victim.kill()
                victim.start()
                starting = [victim]
                n_kills += 1
                next_kill_s += plan.killed_every_s
    for worker in starting:
        worker.wait_ready()
    for _, publisher in edges:
        publisher.wait_drained(plan.settled_within_s)
    return [Sent(outbox.gw, n, outbox.depth()) for (outbox, _), n in zip(edges, last, strict=True)], n_kills


@dataclass
class Alone:
    """What one hub makes of the same runs, second by second."""

    store: Store
    findings: dict[str, Finding]
    told: set[tuple[str, str, str]]


def _alone(root: Path, people: Sequence[Any], now_utc: datetime, runs: Sequence[Run]) -> Alone:
    store = open_store(f"sqlite:///{root / 'alone.db'}")
    told: set[tuple[str, str, str]] = set()

    def tell(finding: Finding, notify: bool) -> None:
        if notify:
            told.add((finding.athlete, finding.rule, finding.scope))

    with Registry(f"sqlite:///{root / 'alone-registry.db'}") as registry:
        for who in people:
            registry.add_athlete(who.display_name, who.zone, simulated=True, pseudonym=who.id)
            store.commit(past_of(who, now_utc))
        ingest = Ingest(KeptStore(store, registry), registry, on_finding=tell)
        for who in registry.athletes():  # as a hub does when it starts
            ingest.judge(who, local_day(now_utc - JUDGED_AT_START, who.zone))
        for n, events in enumerate(zip(*(list(run.events()) for run in runs), strict=True)):
            sent = [encode(event, topics=TOPICS, gw=f"gw-{who}", seq=n + 1) for who, event in enumerate(events)]
            ingest.take([decode(message.payload) for message in sent])  # numbers are rounded on their way
    return Alone(store, _standing(store), told)


def _standing(store: Store) -> dict[str, Finding]:
    """Findings that hold, by id; when one was said first depends on who was judged when."""
    return {f.id: replace(f, first_utc=f.updated_utc) for f in store.findings() if not f.withdrawn}


def _settled(store: Store, registry_url: str, alone: Alone, alerts: Alerts, plan: Plan) -> float:
    """Wait until nobody is due and the broker says what the store holds; return how long that was."""
    begun_s = time.monotonic()
    with Registry(registry_url) as registry:
        while (took_s := time.monotonic() - begun_s) < plan.settled_within_s:
            quiet = registry.work.n_due() == 0 and not registry.work.untold(older_s=0.0)
            if quiet and len(alerts.standing()) == len(alone.findings) and _standing(store) == alone.findings:
                return took_s
            time.sleep(0.2)
    return took_s


def _hold(
    account: Account,
    store: Store,
    sent: Sequence[Sent],
    runs: Sequence[Run],
    alone: Alone,
    workers: Sequence[Worker],
    alerts: Alerts,
) -> None:
    account.same("messages left at the edges", 0, sum(one.left for one in sent))
    account.same("messages sent", sum(one.last for one in sent), sum(r.n_batches + 2 for r in runs))
    account.same(
        "gateways of which every number is stored once",
        len(sent),
        sum(store.received(one.gw) == [(1, one.last)] for one in sent),
    )
    account.same("dead letters", 0, len(store.dead_letters()))
    sids = [run.sid for run in runs]
    same_totals = 0
    for sid in sids:
        mine, theirs = store.session(sid), alone.store.session(sid)
        same_totals += mine == theirs
        if mine != theirs:
            account.wrong.append(f"{sid}: {mine} is not {theirs}")
    account.same("sessions as one hub has them", len(sids), same_totals)
    same_steps = sum(_steps(store, sid) == _steps(alone.store, sid) for sid in sids)
    account.same("step tables as one hub has them", len(sids), same_steps)
    found = _standing(store)
    account.same("findings stored", len(alone.findings), len(found))
    account.same(
        "findings as one hub has them", len(alone.findings), sum(found.get(i) == f for i, f in alone.findings.items())
    )
    said = [tuple(line["key"]) for worker in workers for line in worker.tellings()]
    account.figures["tellings by each worker"] = [len(worker.tellings()) for worker in workers]
    account.same("told", len(alone.told), len(set(said)))
    account.same("told that one hub tells", len(alone.told), len(alone.told & set(said)))
    account.same("told twice", 0, sum(n - 1 for n in Counter(said).values()))
    account.same("alert topics that stand", len(alone.findings), len(alerts.standing()))
    account.figures["messages on alert topics"] = len(alerts.heard)
    account.figures["of them repeating what stood"] = alerts.n_repeated()
    account.figures["starts of each worker"] = [worker.n_starts for worker in workers]


def _steps(store: Store, sid: str) -> tuple[list[int], list[str]]:
    table = store.steps(sid)
    return table.time_utc_us.tolist(), table.side.tolist()
