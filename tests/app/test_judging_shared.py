"""Several hubs judge and tell: whoever dies on the way, somebody judges, and a person is told once."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.judging.queued import Queued
from sensor_hub.app.judging.telling import TellingOnce
from sensor_hub.app.judging.turns import Turns
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import SessionHeader, SessionSummary

NOW_UTC = datetime.now(UTC)
AFTERNOON = f"Etc/GMT{NOW_UTC.hour - 14:+d}"  # where it is past two now: a run of two hours ago is of today
LEASE_S = 0.8


class Killed(BaseException):
    """A process that goes at this point; nothing catches it."""


@dataclass
class Worker:
    """One hub's judging on a store and a registry that others have open too."""

    folder: Path
    told: list[tuple[str, str]] = field(default_factory=list)
    dies: Callable[[str], None] = lambda _where: None

    def __post_init__(self) -> None:
        self.registry = Registry(f"sqlite:///{self.folder / 'registry.db'}")
        self.store = KeptStore(SqliteStore(self.folder / "store.db"), self.registry)
        self.turns = Turns(self.registry.work, lease_s=LEASE_S)
        self.telling = TellingOnce(self.registry.work, self.turns, self._tell)
        self.ingest = Ingest(
            self.store, self.registry, on_finding=self.telling.tell, alone=self.turns.of, expect=self.telling.expect
        )
        self.queued = Queued(self.ingest, self.registry.work, self.turns, self.telling, look_s=0.05)

    def _tell(self, finding: Finding, notify: bool) -> None:
        if notify:
            self.dies("before telling")
            self.told.append((finding.athlete, finding.scope))
            self.dies("after telling")

    def commit(self, runs: list[SessionSummary], gw: str) -> None:
        envelopes = [Envelope(gw, seq, run) for seq, run in enumerate(runs, start=1)]
        self.ingest.commit(envelopes)
        self.queued.note(envelopes)

    def close(self) -> None:
        self.queued.stop()
        self.store.close()
        self.registry.close()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    made: list[Worker] = []

    def make() -> Worker:
        made.append(Worker(tmp_path))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ran(athlete: Athlete, days_ago: int, km: float) -> SessionSummary:
    start_utc = NOW_UTC - timedelta(days=days_ago, hours=2)
    of = SessionHeader(
        f"{athlete.id}-{days_ago}", athlete.id, athlete.zone, "live", "speed", "achilles-0.1", "ref-pop-1", "rsc@1"
    )
    totals = Totals(duration_s=360 * km, distance_m=1000 * km, load_eq_km=km, load_eq_km_sd=0.03 * km, coverage=1.0)
    return SessionSummary(of, start_utc, start_utc + timedelta(seconds=360 * km), totals)


def too_far(athlete: Athlete) -> list[SessionSummary]:
    return [ran(athlete, 20, 8.0), ran(athlete, 0, 20.0)]


def soon(holds: Callable[[], bool], within_s: float = 20.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def test_what_a_hub_noted_before_it_died_another_judges_and_tells(worker: Callable[[], Worker]) -> None:
    dead, alive = worker(), worker()
    ana = dead.registry.add_athlete("Ana", AFTERNOON)
    dead.commit(too_far(ana), "edge-1")
    assert alive.store.findings() == []
    alive.queued.start()
    assert soon(lambda: alive.registry.work.n_due() == 0)
    assert alive.told == [(ana.id, f"session:{ana.id}-0")]
    assert dead.told == []


def test_a_hub_that_dies_while_it_has_somebody_loses_them(worker: Callable[[], Worker]) -> None:
    dead, alive = worker(), worker()
    ana = dead.registry.add_athlete("Ana", AFTERNOON)
    dead.commit(too_far(ana), "edge-1")
    assert dead.registry.work.take_due("dead", for_s=LEASE_S, at_most=1)
    alive.queued.start()
    assert soon(lambda: alive.registry.work.n_due() == 0)
    assert len(alive.told) == 1


@pytest.mark.parametrize(("dies_at", "by_the_dead"), [("before telling", 0), ("after telling", 1)])
def test_what_a_hub_died_telling_is_told_by_another(
    worker: Callable[[], Worker], dies_at: str, by_the_dead: int
) -> None:
    dead, alive = worker(), worker()
    ana = dead.registry.add_athlete("Ana", AFTERNOON)

    def dies(where: str) -> None:
        if where == dies_at:
            raise Killed

    dead.dies = dies
    dead.commit(too_far(ana), "edge-1")
    with pytest.raises(Killed):
        dead.ingest.judge(ana, NOW_UTC.date() - timedelta(days=1))
    assert len(dead.told) == by_the_dead
    alive.queued.start()
    assert soon(lambda: bool(alive.told)), "told late rather than never"
    time.sleep(1.5 * LEASE_S)
    assert alive.told == [(ana.id, f"session:{ana.id}-0")], "and once by whoever is left"


def test_what_was_told_is_not_told_again_by_whoever_judges_next(worker: Callable[[], Worker]) -> None:
    first, second = worker(), worker()
    ana = first.registry.add_athlete("Ana", AFTERNOON)
    first.commit(too_far(ana), "edge-1")
    first.queued.start()
    assert soon(lambda: first.registry.work.n_due() == 0)
    second.commit([ran(ana, 0, 21.0)], "edge-2")
    second.queued.start()
    assert soon(lambda: second.registry.work.n_due() == 0)
    time.sleep(1.5 * LEASE_S)
    assert len(first.told) + len(second.told) == 1


def test_two_hubs_are_never_at_one_athlete_at_once(worker: Callable[[], Worker]) -> None:
    workers = [worker(), worker(), worker()]
    for one in workers:
        one.turns.start()
    inside, most, n_entered = 0, 0, 0

    def judge(one: Worker) -> None:
        nonlocal inside, most, n_entered
        for _ in range(8):
            with one.turns.of("ana"), one.turns.of("ana"):  # again is no obstacle to who has it
                inside += 1
                n_entered += 1
                most = max(most, inside)
                time.sleep(0.005)
                inside -= 1

    threads = [threading.Thread(target=judge, args=(one,)) for one in workers for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, n_entered) == (1, 48)


def test_a_turn_lasts_as_long_as_it_is_used(worker: Callable[[], Worker]) -> None:
    one, other = worker(), worker()
    one.turns.start()
    with one.turns.of("ana"):
        time.sleep(1.5 * LEASE_S)
        assert not other.registry.work.take("athlete:ana", "other", for_s=LEASE_S)
    assert other.registry.work.take("athlete:ana", "other", for_s=LEASE_S)


def test_a_command_beside_the_hubs_keeps_its_turn_as_long_as_it_judges(worker: Callable[[], Worker]) -> None:
    command, hub = worker(), worker()  # nobody starts the turns of a command
    with command.turns.of("ana"):
        time.sleep(1.5 * LEASE_S)
        assert not hub.registry.work.take("athlete:ana", "other", for_s=LEASE_S)


def test_turns_are_kept_after_anything_that_went_wrong_once(
    worker: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = worker(), worker()
    keep, failed = one.registry.work.keep, threading.Event()

    def fails_once(held: dict[str, str], *, for_s: float) -> None:
        if not failed.is_set():
            failed.set()
            raise ValueError("a fault")
        keep(held, for_s=for_s)

    monkeypatch.setattr(one.registry.work, "keep", fails_once)
    with one.turns.of("ana"):
        time.sleep(1.5 * LEASE_S)
        assert failed.is_set()
        assert not other.registry.work.take("athlete:ana", "other", for_s=LEASE_S)
    assert "could not be kept" in caplog.text


def test_what_cannot_be_told_keeps_nothing_else_from_being_told(
    worker: Callable[[], Worker], caplog: pytest.LogCaptureFixture
) -> None:
    dead, alive = worker(), worker()
    people = [dead.registry.add_athlete(name, AFTERNOON) for name in ("Ana", "Ben")]

    def dies(_where: str) -> None:
        raise Killed

    dead.dies = dies
    for n, athlete in enumerate(people):
        dead.commit(too_far(athlete), f"edge-{n}")
        with pytest.raises(Killed):
            dead.ingest.judge(athlete, NOW_UTC.date() - timedelta(days=1))

    def cannot(where: str) -> None:
        if where == "before telling" and not alive.told and not caplog.text:
            raise ValueError("a fault")

    alive.dies = cannot
    time.sleep(1.5 * LEASE_S)
    assert alive.telling.tell_left(alive.store) == 1
    assert len(alive.told) == 1
    assert "could not be told" in caplog.text
    time.sleep(1.5 * LEASE_S)
    assert alive.telling.tell_left(alive.store) == 1, "and it is tried again"


def test_somebody_who_cannot_be_judged_keeps_nobody_else_waiting(
    worker: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = worker()
    bad, ana = one.registry.add_athlete("Bad", AFTERNOON), one.registry.add_athlete("Ana", AFTERNOON)
    judge = one.ingest.judge

    def fails_for_one(athlete: Athlete, *args: object, **more: object) -> list[Finding]:
        if athlete.id == bad.id:
            raise ValueError("a fault")
        return judge(athlete, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(one.ingest, "judge", fails_for_one)
    one.commit(too_far(bad), "edge-1")
    one.commit(too_far(ana), "edge-2")
    one.queued.start()
    assert soon(lambda: [who for who, _ in one.told] == [ana.id])
    assert soon(lambda: one.registry.work.n_due() == 1)
    time.sleep(LEASE_S)
    assert one.registry.work.n_due() == 1, "who failed stays due"
    assert "could not be judged" in caplog.text


def test_a_batch_that_cannot_be_noted_comes_again(worker: Callable[[], Worker]) -> None:
    one = worker()
    ana = one.registry.add_athlete("Ana", AFTERNOON)
    envelopes = [Envelope("edge-1", 1, ran(ana, 0, 8.0))]
    one.ingest.commit(envelopes)
    db = one.folder / "registry.db"
    one.registry.close()
    db.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="registry"):
        one.queued.note(envelopes)


def test_a_hub_that_was_stopped_while_it_judged_has_the_athlete_judged_again(
    worker: Callable[[], Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, other = worker(), worker()
    ana = stopped.registry.add_athlete("Ana", AFTERNOON)
    stopped.commit([ran(ana, 20, 8.0), ran(ana, 0, 20.0)], "edge-1")
    save, saved = stopped.store.save_finding, threading.Event()

    def saves_late(finding: Finding) -> None:
        """As a process that is stopped before its first finding is stored, for longer than it has the athlete."""
        if not saved.is_set():
            saved.set()
            stopped.turns.stop()
            time.sleep(2 * LEASE_S)
            other.commit([ran(ana, 1, 18.0)], "edge-2")  # the run of today is less of a step now
            other.queued.start()
            assert soon(lambda: other.registry.work.n_due() == 0)
        save(finding)

    monkeypatch.setattr(stopped.store, "save_finding", saves_late)
    stopped.queued._judge_some()
    assert saved.is_set()
    assert soon(lambda: other.registry.work.n_due() == 0)
    expected = {f.key: f.value for f in other.store.findings() if not f.withdrawn}
    other.ingest.judge(ana, NOW_UTC.date() - timedelta(days=3))
    assert {f.key: f.value for f in other.store.findings() if not f.withdrawn} == expected, "nothing older stands"
