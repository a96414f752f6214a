"""A runner's own reference in the stores: learned once, kept, and what is stored expressed in it."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import open_file, setup_for
from sensor_hub.app.collecting.collecting_gate import ON_COMMAND, BoundPod, new_talk
from sensor_hub.app.collecting.collecting_run import AthleteRun
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.edge import Edge
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.hub import Hub
from sensor_hub.app.importing.importing import import_recording
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.referencing import (
    OwnReferences,
    Yard,
    express_anew,
    history,
    propose,
    with_known_reference,
    with_reference,
    yards,
)
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings
from sensor_hub.errors import StoreError
from sensor_hub.load.achilles import ACHILLES_1, VERSION, AchillesModel
from sensor_hub.load.remodel import totals_after
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import LoadReference, Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.reference import Learned, NotYet
from sensor_hub.model.session import (
    BoundDevice,
    Event,
    Origin,
    SessionHeader,
    SessionSetup,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.session.instrument import instrument_of
from sensor_hub.units import utc_us
from tests.app.test_collecting import ANA, Carriers, at, pod, rsc
from tests.app.test_hub import soon
from tests.cli.files import fit_run, rsc_mcap
from tests.load.test_learning import steps

NOW_UTC = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
INSTRUMENT = "imu/foot/foot-1.0"
YARD = Yard(INSTRUMENT, VERSION)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        yield opened


@pytest.fixture
def ana(registry: Registry) -> Athlete:
    return registry.add_athlete("Ana", "UTC")


def events_of(
    athlete: Athlete, days_ago: int, now_utc: datetime, **changes: Any
) -> tuple[SessionStarted, StepBatch, SessionSummary]:
    """A run of 600 strides with contacts a tenth shorter than the population's."""
    start_utc = now_utc - timedelta(days=days_ago, hours=8)
    origin: Origin = "simulated" if athlete.simulated else "live"
    header = SessionHeader(
        f"01sid{days_ago:021d}", athlete.id, "UTC", origin, "imu", VERSION, "ref-pop-1", "imu@1", instrument=INSTRUMENT
    )
    header = replace(header, **changes)
    easy, hard = steps(550, seed=days_ago, contact_factor=0.9), steps(50, seed=1, contact_factor=0.9, speed_mps=4.0)
    run = StepTable.concatenate([easy, hard])
    run = replace(run, time_utc_us=utc_us(start_utc) + np.arange(600, dtype=np.int64) * 700_000)
    told = totals_after(run, Totals(duration_s=420.0, coverage=1.0, distance_m=1200.0), ACHILLES_1, "imu")
    end = SessionSummary(header, start_utc, start_utc + timedelta(minutes=7), told)
    return SessionStarted(header, start_utc, ("pod",)), StepBatch(header, start_utc, run, told), end


def put(store: Store, athlete: Athlete, days_ago: int, now_utc: datetime = NOW_UTC, **changes: Any) -> str:
    """Store such a run; return its sid."""
    events: tuple[Event, ...] = events_of(athlete, days_ago, now_utc, **changes)
    sid = f"01sid{days_ago:021d}"
    store.commit([Envelope(f"edge-{sid}", i, event) for i, event in enumerate(events)])
    return sid


def season(store: Store, athlete: Athlete, days: tuple[int, ...] = (1, 5, 10, 15, 20)) -> list[str]:
    return [put(store, athlete, day) for day in days]


def own(store: Store, registry: Registry) -> OwnReferences:
    return OwnReferences(Ingest(store, registry, clock=lambda: NOW_UTC), clock=lambda: NOW_UTC)


def at_the_end_of_a_run(store: Store, registry: Registry, athlete: Athlete) -> list[Athlete]:
    references = own(store, registry)
    references.note(athlete.id)
    return references.work()


def reference(registry: Registry, athlete: Athlete) -> LoadReference | None:
    kept = registry.references.active(athlete.id, INSTRUMENT, VERSION)
    return None if kept is None else kept.reference


def test_the_first_is_learned_by_itself_and_stored_runs_are_expressed_in_it(
    either_store: Store, registry: Registry, ana: Athlete, caplog: pytest.LogCaptureFixture
) -> None:
    sids = season(either_store, ana)
    before = {s.header.sid: s for s in either_store.sessions(ana.id)}
    rows = {sid: either_store.steps(sid) for sid in sids}
    with caplog.at_level(logging.WARNING):
        assert at_the_end_of_a_run(either_store, registry, ana) == [ana]
    learned = reference(registry, ana)
    assert learned is not None
    assert (learned.id, learned.n_sessions, learned.learned_on) == ("ref-own-1", 5, NOW_UTC.date())
    assert "Ana: Since 2026-11-21: your own reference ref-own-1, from 5 runs" in caplog.text
    for after in either_store.sessions(ana.id):
        was = before[after.header.sid]
        assert after.header == replace(was.header, reference="ref-own-1")
        # Contacts a tenth shorter than the population's are 5 % more load in its kilometre, and none in one's own.
        assert was.totals.load_eq_km is not None
        assert after.totals.load_eq_km == pytest.approx(was.totals.load_eq_km * 0.9**0.5, rel=0.005)
        assert after.totals.hard_load_bw_s != was.totals.hard_load_bw_s
        same = {name for name in Totals.__slots__ if getattr(after.totals, name) == getattr(was.totals, name)}
        assert {"load_bw_s", "distance_m", "coverage", "duration_s", "achilles_peak_bw", "n_steps"} <= same
        wanted = totals_after(rows[after.header.sid], was.totals, AchillesModel(learned), "imu")
        assert after.totals.load_eq_km == pytest.approx(wanted.load_eq_km)
        assert after.totals.hard_load_bw_s == pytest.approx(wanted.hard_load_bw_s)
        assert either_store.steps(after.header.sid) == rows[after.header.sid]


def test_a_later_one_is_never_learned_by_itself(store: Store, registry: Registry, ana: Athlete) -> None:
    season(store, ana)
    at_the_end_of_a_run(store, registry, ana)
    learned = reference(registry, ana)
    put(store, ana, 0)
    assert at_the_end_of_a_run(store, registry, ana) == [ana]  # the new run came in the population's kilometre
    assert reference(registry, ana) == learned
    assert {s.header.reference for s in store.sessions(ana.id)} == {"ref-own-1"}
    assert at_the_end_of_a_run(store, registry, ana) == []


def test_too_little_history_teaches_nothing_and_changes_nothing(store: Store, registry: Registry, ana: Athlete) -> None:
    season(store, ana, (1, 4, 7, 10))
    assert at_the_end_of_a_run(store, registry, ana) == []
    assert reference(registry, ana) is None
    put(store, ana, 20)
    assert at_the_end_of_a_run(store, registry, ana) == [ana]


@pytest.mark.parametrize(
    "changes",
    [{"origin": "replay"}, {"origin": "simulated"}, {"ledger": "walk"}, {"instrument": ""}, {"model": "achilles-0.1"}],
    ids=str,
)
def test_runs_that_are_no_history_of_this_model_teach_nothing(
    store: Store, registry: Registry, ana: Athlete, changes: dict[str, Any]
) -> None:
    for day in (1, 5, 10, 15, 20):
        put(store, ana, day, **changes)
    assert at_the_end_of_a_run(store, registry, ana) == []
    assert registry.references.all() == []


def test_a_run_without_a_load_is_of_no_yard_and_one_that_says_no_instrument_comes_last(ana: Athlete) -> None:
    run, older = (events_of(ana, day, NOW_UTC)[-1] for day in (5, 1))
    logged = replace(run, header=replace(run.header, instrument=""), totals=Totals(distance_m=5000.0))
    older = replace(older, header=replace(older.header, instrument="", model="achilles-0.1"))
    assert yards([logged, run, older]) == [YARD, Yard("", "achilles-0.1")]
    assert yards([logged]) == []


def test_instruments_learn_each_their_own(store: Store, registry: Registry, ana: Athlete) -> None:
    season(store, ana)
    for day in (2, 6, 11, 16):
        put(store, ana, day, instrument="imu/shank/shank-1.0")
    at_the_end_of_a_run(store, registry, ana)
    kept = registry.references.all(ana.id)
    assert [(k.reference.instrument, k.reference.n_sessions) for k in kept] == [
        (INSTRUMENT, 5),
        ("imu/shank/shank-1.0", 4),
    ]
    expressed = {(s.header.instrument, s.header.reference) for s in store.sessions(ana.id)}
    assert expressed == {(k.reference.instrument, k.reference.id) for k in kept}


def test_runs_older_than_90_days_and_those_without_all_their_steps_keep_their_reference(
    store: Store, registry: Registry, ana: Athlete
) -> None:
    old, in_reach = put(store, ana, 91), put(store, ana, 90)
    season(store, ana)
    torn = store.session(put(store, ana, 3))
    assert torn is not None
    store.replace_session(torn, store.steps(torn.header.sid).only(np.arange(600) > 9), [])
    at_the_end_of_a_run(store, registry, ana)
    told = {s.header.sid: s.header.reference for s in store.sessions(ana.id)}
    assert (told.pop(old), told.pop(torn.header.sid)) == ("ref-pop-1", "ref-pop-1")
    assert told[in_reach] == "ref-own-1"
    assert set(told.values()) == {"ref-own-1"}
    assert store.session(torn.header.sid) == torn


def test_a_kill_after_learning_is_made_good_the_next_time(
    store: Store, registry: Registry, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    season(store, ana)
    references = own(store, registry)
    references.note(ana.id)
    put_back = store.replace_session
    n_done = 0

    def full_disk(*what: object) -> None:
        nonlocal n_done
        if n_done == 2:
            raise StoreError("no space left")
        n_done += 1
        put_back(*what)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(store, "replace_session", full_disk)
        with pytest.raises(StoreError):
            references.work()
    assert sorted(s.header.reference for s in store.sessions(ana.id)) == ["ref-own-1"] * 2 + ["ref-pop-1"] * 3
    assert references.work() == [ana]  # still due
    assert {s.header.reference for s in store.sessions(ana.id)} == {"ref-own-1"}
    assert len(registry.references.all()) == 1


def test_a_kill_before_judging_is_made_good_when_a_hub_starts(
    store: Store, registry: Registry, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    sids = season(store, ana)
    at_the_end_of_a_run(store, registry, ana)
    judged: list[date] = []
    monkeypatch.setattr(Ingest, "judge", lambda _self, _who, since, **_how: judged.append(since))
    references = own(store, registry)
    for _ in range(2):
        references.note(ana.id)
        assert references.work() == []
    assert judged == [(NOW_UTC - timedelta(days=20)).date()], "once after a start, and no more"
    assert {s.header.sid for s in store.sessions(ana.id)} == set(sids)


def test_judging_that_failed_is_done_the_next_time(
    store: Store, registry: Registry, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    season(store, ana)
    references, judged = own(store, registry), []

    def fails_once(_self: Ingest, _who: Athlete, since: date, **_how: object) -> None:
        judged.append(since)
        if len(judged) == 1:
            raise StoreError("no space left")

    monkeypatch.setattr(Ingest, "judge", fails_once)
    references.note(ana.id)
    with pytest.raises(StoreError):
        references.work()
    assert {s.header.reference for s in store.sessions(ana.id)} == {"ref-own-1"}
    references.work()
    assert judged == [(NOW_UTC - timedelta(days=20)).date()] * 2


def test_nobody_is_notified_of_what_another_reference_makes_of_an_old_run(
    store: Store, registry: Registry, ana: Athlete
) -> None:
    for day in (25, 22, 20, 18, 15, 12):
        put(store, ana, day)
    start, batch, end = events_of(ana, 3, NOW_UTC)
    run = StepTable.concatenate([batch.steps, replace(batch.steps, time_utc_us=batch.steps.time_utc_us + 420_000_000)])
    told = totals_after(run, replace(end.totals, distance_m=2400.0), ACHILLES_1, "imu")
    events: list[Event] = [start, replace(batch, steps=run, totals=told), replace(end, totals=told)]
    store.commit([Envelope("edge-long", i, event) for i, event in enumerate(events)])
    heard: list[tuple[Finding, bool]] = []
    ingest = Ingest(
        store, registry, on_finding=lambda finding, notify: heard.append((finding, notify)), clock=lambda: NOW_UTC
    )
    references = OwnReferences(ingest, clock=lambda: NOW_UTC)
    references.note(ana.id)
    assert references.work() == [ana]
    assert "alert" in {finding.severity for finding, _ in heard}
    assert not any(notify for _, notify in heard)


def test_an_athlete_only_an_edge_knows_is_passed_over(store: Store, registry: Registry) -> None:
    season(store, Athlete("stranger", "stranger", "UTC"))
    assert at_the_end_of_a_run(store, registry, Athlete("stranger", "stranger", "UTC")) == []
    assert registry.references.all() == []


def test_what_would_be_learned_is_shown_beside_what_is_in_use(store: Store, registry: Registry, ana: Athlete) -> None:
    season(store, ana)
    runs = history(store, ana)
    assert yards(runs) == [YARD]
    shown = propose(store, registry, ana, YARD, NOW_UTC, runs)
    assert isinstance(shown.found, Learned)
    assert shown.change is not None
    assert shown.change.easy_km == pytest.approx(0.9**-0.5 - 1, abs=0.003)
    assert shown.n_shown == 5
    assert shown.eq_km_before is not None
    assert shown.eq_km_after == pytest.approx(shown.eq_km_before / (1 + shown.change.easy_km))
    assert registry.references.all() == []
    assert {s.header.reference for s in store.sessions(ana.id)} == {"ref-pop-1"}
    few = propose(store, registry, ana, YARD, NOW_UTC - timedelta(days=15), runs)
    assert isinstance(few.found, NotYet)
    assert (few.change, few.eq_km_after) == (None, None)


def test_a_merge_of_athletes_ends_with_every_run_in_one_reference(
    store: Store, registry: Registry, ana: Athlete
) -> None:
    bea = registry.add_athlete("Bea", "UTC")
    season(store, ana)
    for day in (2, 6, 11, 16, 21):
        put(store, bea, day)
    for who in (ana, bea):
        at_the_end_of_a_run(store, registry, who)
    assert {s.header.reference for s in store.sessions(bea.id)} == {"ref-own-2"}
    Archive(registry, KeptStore(store, registry), "UTC").merge("Bea", "Ana")
    active = reference(registry, ana)
    assert active is not None
    told = {s.header.reference for s in store.sessions(ana.id)}
    assert (len(store.sessions(ana.id)), told) == (10, {active.id})
    assert len(registry.references.all("Ana")) == 2


def test_a_new_reference_for_the_runs_of_one_instrument_leaves_the_others(
    store: Store, registry: Registry, ana: Athlete
) -> None:
    season(store, ana)
    other = put(store, ana, 2, instrument="imu/shank/shank-1.0")
    runs = history(store, ana)
    found = propose(store, registry, ana, YARD, NOW_UTC, runs).found
    assert isinstance(found, Learned)
    kept = registry.references.keep(ana.id, found, asked=True)
    ingest = Ingest(store, registry, clock=lambda: NOW_UTC)
    anew = express_anew(ingest, ana, kept, runs)
    assert (len(anew.done), anew.left) == (5, ())
    assert express_anew(ingest, ana, kept, history(store, ana)).done == ()
    told = store.session(other)
    assert told is not None
    assert told.header.reference == "ref-pop-1"


# --- given to new sessions --------------------------------------------------------------------------------------------


def test_a_new_session_is_expressed_in_the_reference_of_its_athlete_and_instrument(
    store: Store, registry: Registry, ana: Athlete
) -> None:
    bea = registry.add_athlete("Bea", "UTC")
    profile = all_profiles()["movesense"]
    device = registry.add_device("AA:01", "pod", "movesense", athlete="Ana", side="L", mount="foot")
    bound = BoundPod(device, profile, ana).bound()
    setup = SessionSetup("01sid", ana.id, "UTC", "live", (bound,), "imu")
    assert with_reference(setup, registry) == setup
    learned = Learned(
        LoadReference("", 0.36, 0.24, 5.0, VERSION, instrument_of(setup), NOW_UTC.date(), 5, 3000.0), True
    )
    kept = registry.references.keep("Ana", learned, asked=False)
    assert with_reference(setup, registry) == replace(setup, load_reference=kept.reference)
    for other in (
        replace(setup, athlete=bea.id),
        replace(setup, devices=(replace(bound, mount="shank"),)),
        replace(setup, devices=(BoundDevice("watch", None),), tier="contact"),
    ):
        assert with_reference(other, registry).load_reference is None


def test_an_imported_file_is_expressed_in_the_runner_s_own_reference(
    tmp_path: Path, store: Store, registry: Registry, ana: Athlete
) -> None:
    file = fit_run(tmp_path / "run.fit")
    recording = open_file(file)
    instrument = instrument_of(setup_for(recording.info, sid="x", athlete=ana.id, zone="UTC", origin="import"))
    learned = LoadReference("", 0.36, 0.25, 5.0, VERSION, instrument, NOW_UTC.date(), 5, 3000.0)
    kept = registry.references.keep("Ana", Learned(learned, at_easy_speed=True), asked=False)
    ingest = Ingest(store, registry, clock=lambda: NOW_UTC)
    summary = import_recording(recording, ana, ingest).summary
    assert summary is not None
    assert (summary.header.reference, summary.header.instrument) == (kept.reference.id, instrument)
    totals = summary.totals
    assert totals.load_bw_s is not None
    assert totals.load_eq_km == pytest.approx(totals.load_bw_s / AchillesModel(kept.reference).eq_km_bw_s)
    bea = registry.add_athlete("Bea", "UTC")
    other = import_recording(open_file(file), bea, ingest).summary
    assert other is not None
    assert other.header.reference == "ref-pop-1"


def test_a_whole_recording_completes_the_cut_off_one_that_was_expressed_anew(
    tmp_path: Path, either_store: Store, registry: Registry, ana: Athlete
) -> None:
    store, ingest = either_store, Ingest(either_store, registry, clock=lambda: NOW_UTC)

    def take(seconds: int) -> SessionSummary:
        file = rsc_mcap(tmp_path / f"{seconds}.mcap", range(seconds), athlete=ana.id)
        summary = import_recording(open_file(file), ana, ingest).summary
        assert summary is not None
        assert summary == store.session(summary.header.sid)
        return summary

    cut = take(70)
    learned = LoadReference(
        "", 0.34, 0.22, 5.0, VERSION, cut.header.instrument, cut.start_utc.date() + timedelta(days=9), 5, 3000.0
    )
    kept = registry.references.keep("Ana", Learned(learned, at_easy_speed=True), asked=False)
    assert express_anew(ingest, ana, kept, history(store, ana)).done == (cut.header.sid,)
    whole = take(200)
    assert whole.totals.distance_m == pytest.approx(200 / 70 * (cut.totals.distance_m or 0.0), rel=0.02)
    assert (whole.header.reference, whole.header.sid) == (kept.reference.id, cut.header.sid)
    assert whole.totals.load_bw_s is not None
    assert whole.totals.load_eq_km == pytest.approx(whole.totals.load_bw_s / AchillesModel(kept.reference).eq_km_bw_s)
    assert len(store.steps(cut.header.sid)) == 200


def test_a_live_run_begins_with_the_runner_s_own_reference(registry: Registry) -> None:
    registry.add_athlete("Ana", "UTC", pseudonym=ANA.id)
    carriers = Carriers()

    def begun(registry: Registry | None) -> SessionSetup:
        worn = pod()
        talks = {worn.device.id: new_talk(worn)}
        run = AthleteRun(ANA, talks, carriers.runner, ON_COMMAND, "live", registry)  # type: ignore[arg-type]
        run.wear(ANA, [worn])
        run.take([rsc(0.0), rsc(1.0)], at(1.0))
        run.take([rsc(30.0)], at(30.0))
        assert run.runner is not None
        return run.runner.setup

    before = begun(registry)
    learned = LoadReference("", 0.36, 0.25, 5.0, VERSION, instrument_of(before), NOW_UTC.date(), 5, 3000.0)
    kept = registry.references.keep("Ana", Learned(learned, at_easy_speed=True), asked=False)
    assert before.load_reference is None
    assert begun(registry).load_reference == kept.reference
    assert begun(None).load_reference is None


# --- a hub ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quick_rounds")
def test_a_hub_learns_when_a_run_ends_and_a_killed_one_when_it_starts(tmp_path: Path) -> None:
    """The run that makes it ready comes over MQTT, where numbers have six decimals."""
    settings, now_utc = load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0), datetime.now(UTC)
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana", "UTC")
        for day in (5, 10, 15):
            put(archive.store, ana, day, now_utc)
        place = Place.at(settings.data_dir)
        hub = Hub(settings, place, web=False)
        hub.start()
        try:
            edge = Edge(place.outbox, hub.mqtt_url, hub.topics)
            edge.start()
            edge.outbox.append(events_of(ana, 1, now_utc), first_index=0, sid="newest/live")
            assert soon(lambda: {s.header.reference for s in archive.store.sessions(ana.id)} == {"ref-own-1"})
            assert soon(lambda: hub.board.load(ana).reference == "ref-own-1")
            edge.stop()
        finally:
            hub.stop()
        put(archive.store, ana, 3, now_utc)
        again = Hub(settings, place, web=False)
        again.start()
        try:
            assert soon(lambda: {s.header.reference for s in archive.store.sessions(ana.id)} == {"ref-own-1"})
        finally:
            again.stop()
        assert len(archive.registry.references.all()) == 1


def test_a_recording_keeps_the_reference_it_was_made_with_and_no_other_registry_s(
    registry: Registry, ana: Athlete
) -> None:
    bea = registry.add_athlete("Bea", "UTC")
    setup = SessionSetup("01sid", ana.id, "UTC", "import", (BoundDevice("watch", None),), "contact")
    learned = LoadReference("", 0.36, 0.24, 5.0, VERSION, instrument_of(setup), NOW_UTC.date(), 5, 3000.0)
    first = registry.references.keep("Ana", Learned(learned, at_easy_speed=True), asked=False).reference
    second = registry.references.keep("Ana", Learned(replace(learned, hard_line_bw=5.5), True), asked=True).reference
    for recorded in (None, first, second):
        made = replace(setup, load_reference=recorded)
        assert with_known_reference(made, registry) == made
    elsewhere = replace(setup, load_reference=replace(first, hard_line_bw=4.0))  # of the same name
    assert with_known_reference(elsewhere, registry).load_reference == second
    of_another = replace(setup, athlete=bea.id, load_reference=first)
    assert with_known_reference(of_another, registry).load_reference is None
