"""What the load model is told of a session: by settings, athlete and shoes, by a file, by whoever asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import open_file, setup_for
from sensor_hub.app.collecting.collecting_gate import ON_COMMAND, BoundPod, new_talk
from sensor_hub.app.collecting.collecting_run import AthleteRun
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.settling import _setup_of
from sensor_hub.app.importing.importing import import_all
from sensor_hub.app.loads.conditions import UNTOLD, conditions_of
from sensor_hub.app.people import open_archive
from sensor_hub.app.replaying import open_replay
from sensor_hub.config import Settings
from sensor_hub.load.achilles import VERSION, population_reference
from sensor_hub.load.modifiers import TREADMILL
from sensor_hub.load.stiffness import LEG_LENGTH_OF_HEIGHT
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.edit import Edit, Entry, Undo, WearShoe
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Conditions, LoadReference, Surface
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup
from tests.adapters.recordings import fit_bytes as fit
from tests.session.runs import encoded, run_one_by_one, summary

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
RSC = all_profiles()["standard-rsc"]
BOUND = (BoundDevice("pod-1", RSC, "U", None),)
ITEMS = [RawNotification("pod-1", "2a53", START_UTC + timedelta(seconds=i), b"\x04\x00\x03\xaa") for i in range(90)]
OWN = LoadReference("ref-own-3", 0.36, 0.25, 4.6, VERSION, "speed/standard-rsc", date(2026, 11, 1), 9, 41_000.0)
ASSUMED = 0.01


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        yield opened


def anna(registry: Registry, height_m: float | None = 1.70) -> Athlete:
    return replace(registry.add_athlete("Anna", "UTC"), height_m=height_m)


def test_a_leg_is_as_long_as_the_height_says_and_unknown_without_it(registry: Registry) -> None:
    told = conditions_of(UNTOLD, anna(registry), registry)
    assert told == Conditions(leg_length_m=LEG_LENGTH_OF_HEIGHT * 1.70)
    assert conditions_of(UNTOLD, replace(registry.athlete("Anna"), height_m=None), None) == UNTOLD


def test_the_drop_is_that_of_the_only_pair_in_use(registry: Registry) -> None:
    who = anna(registry, None)
    road = registry.shoes.add("Anna", "road", drop_mm=8.0)
    assert conditions_of(UNTOLD, who, registry).shoe_drop_mm == 8.0
    registry.shoes.add("Anna", "trail", drop_mm=4.0)
    assert conditions_of(UNTOLD, who, registry).shoe_drop_mm is None
    registry.shoes.retire(road.id, START_UTC)
    assert conditions_of(UNTOLD, who, registry).shoe_drop_mm == 4.0


def test_the_drop_is_that_of_the_pair_somebody_said_is_worn_that_day(registry: Registry) -> None:
    who = anna(registry, None)
    road, trail = (registry.shoes.add("Anna", name, drop_mm=mm) for name, mm in (("road", 8.0), ("trail", 4.0)))
    unknown = registry.shoes.add("Anna", "racer")
    day = START_UTC.date()
    said = [WearShoe(road.id, day - timedelta(days=9)), WearShoe(trail.id, day, day), WearShoe(unknown.id, day, day)]
    edits: list[Edit] = [*said, Undo("e2")]
    entries = [Entry(f"e{i}", who.id, START_UTC, "test", edit) for i, edit in enumerate(edits)]

    def drop_mm(days_later: int) -> float | None:
        return conditions_of(UNTOLD, who, registry, START_UTC + timedelta(days=days_later)).shoe_drop_mm

    registry.journal.append(entries[:1])
    assert [drop_mm(days) for days in (-10, -9, 0, 1)] == [None, 8.0, 8.0, 8.0]
    registry.journal.append(entries[1:2])
    assert [drop_mm(days) for days in (-1, 0, 1)] == [8.0, 4.0, 8.0]
    registry.journal.append(entries[2:3])
    assert drop_mm(0) is None  # worn, and its drop is not known
    registry.journal.append(entries[3:])
    assert drop_mm(0) == 4.0
    assert conditions_of(UNTOLD, who, registry).shoe_drop_mm is None


def test_a_pair_retired_since_was_still_in_use_before(registry: Registry) -> None:
    who = anna(registry, None)
    old = registry.shoes.add("Anna", "old", drop_mm=10.0)
    registry.shoes.retire(old.id, START_UTC)
    assert conditions_of(UNTOLD, who, registry, START_UTC - timedelta(days=1)).shoe_drop_mm == 10.0
    assert conditions_of(UNTOLD, who, registry, START_UTC + timedelta(days=1)).shoe_drop_mm is None


def test_a_day_of_shoes_is_the_athletes_own(registry: Registry) -> None:
    who = registry.set_athlete(anna(registry, None).id, zone="Asia/Tokyo")
    road, _ = (registry.shoes.add("Anna", name, drop_mm=mm) for name, mm in (("road", 8.0), ("trail", 4.0)))
    tomorrow = START_UTC.date() + timedelta(days=1)
    registry.journal.append([Entry("e", who.id, START_UTC, "test", WearShoe(road.id, tomorrow))])
    late_utc = START_UTC.replace(hour=16)  # 01:00 in Tokyo
    assert conditions_of(UNTOLD, who, registry, late_utc).shoe_drop_mm == 8.0
    assert conditions_of(UNTOLD, who, registry, START_UTC).shoe_drop_mm is None


def test_what_was_told_of_the_session_stays_told(registry: Registry) -> None:
    told = Conditions(surface="treadmill", drop_per_mm=ASSUMED)
    found = conditions_of(told, anna(registry), registry)
    assert (found.surface, found.drop_per_mm) == ("treadmill", ASSUMED)


def test_a_live_session_is_told_of_its_surface_its_athlete_and_their_shoes(registry: Registry) -> None:
    who = anna(registry)
    road, _ = (registry.shoes.add("Anna", name, drop_mm=mm) for name, mm in (("road", 8.0), ("trail", 4.0)))
    registry.journal.append([Entry("e", who.id, START_UTC, "test", WearShoe(road.id, START_UTC.date()))])
    begun: list[SessionSetup] = []
    pod = BoundPod(Device("pod-1", "AA:01", "pod", "standard-rsc", who.id), RSC, who)

    def refuse(what: SessionSetup) -> None:
        begun.append(what)
        raise StopIteration

    told = Conditions("treadmill", drop_per_mm=ASSUMED)
    run = AthleteRun(who, {"pod-1": new_talk(pod)}, refuse, ON_COMMAND, "live", registry, told)  # type: ignore[arg-type]
    run.wear(who, [pod])
    with pytest.raises(StopIteration):
        run.take(ITEMS[:3], START_UTC + timedelta(seconds=60))
    (what,) = begun
    assert what.conditions == Conditions("treadmill", 8.0, ASSUMED, LEG_LENGTH_OF_HEIGHT * 1.70)


def recorded(path: Path, conditions: Conditions, reference: LoadReference | None, tier: Tier = "speed") -> SessionSetup:
    what = SessionSetup(
        "01jd", "ana23456", "UTC", "live", BOUND, tier, None, "bluetooth",
        conditions=conditions, load_reference=reference,
    )  # fmt: skip
    recorder = McapRecorder.for_session(path, what)
    for raw in ITEMS:
        recorder.append(raw)
    recorder.close()
    return what


@settings(max_examples=6)
@given(
    surface=st.sampled_from(["overground", "treadmill", "track", "trail", "unknown"]),
    drop=st.none() | st.floats(0, 12),
    per_mm=st.sampled_from([0.0, ASSUMED]),
    own=st.booleans(),
)
def test_a_replay_gives_the_bytes_of_the_run_whatever_is_known_of_its_runner_since(
    surface: Surface, drop: float | None, per_mm: float, own: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("replayed") / "run.mcap"
    what = recorded(path, Conditions(surface, drop, per_mm, 0.9), OWN if own else None)
    lived = encoded(run_one_by_one(what, ITEMS))
    someone = Athlete("other", "Other", "UTC", height_m=1.99)
    replay = open_replay(path, someone, as_live=True)
    assert encoded(run_one_by_one(replace(replay.setup, source=what.source), replay.items)) == lived
    settled = _setup_of(open_file(path))
    assert settled is not None
    assert replace(settled, devices=BOUND) == what
    assert encoded(run_one_by_one(settled, ITEMS)) == lived


def test_what_a_session_was_told_changes_its_load(tmp_path: Path) -> None:
    def load(name: str, conditions: Conditions, reference: LoadReference | None) -> tuple[float, str, str]:
        path = tmp_path / f"{name}.mcap"
        recorded(path, conditions, reference)
        info = open_file(path).info
        what = setup_for(info, sid="s", athlete="a", zone="UTC", origin="replay")
        told = summary(run_one_by_one(what, ITEMS))
        return told.totals.load_eq_km or 0.0, told.header.model, told.header.reference

    flat, belt = load("a", UNTOLD, None), load("b", Conditions("treadmill"), None)
    own, dropped = load("c", UNTOLD, OWN), load("d", Conditions(shoe_drop_mm=5.0, drop_per_mm=ASSUMED), None)
    assert belt[0] / flat[0] == pytest.approx(TREADMILL)
    assert own[2] == OWN.id != flat[2] == population_reference().id
    assert own[0] != flat[0]
    assert dropped[0] / flat[0] == pytest.approx(1.0 + 5 * ASSUMED)
    assert dropped[1] != flat[1] == VERSION  # a load with an assumption in it is of another model


def test_a_recording_keeps_the_tier_it_was_made_with_though_a_better_sensor_was_bound(tmp_path: Path) -> None:
    """The better one slept: by its profile alone a replay would wait for it."""
    better = next(p for p in all_profiles().values() if p.gives_contact_time and p.kind == "records")
    what = replace(recorded(tmp_path / "a.mcap", UNTOLD, None), devices=(*BOUND, BoundDevice("pod-2", better)))
    recorder = McapRecorder.for_session(tmp_path / "b.mcap", what)
    for raw in ITEMS:
        recorder.append(raw)
    recorder.close()
    replayed = open_replay(tmp_path / "b.mcap", Athlete("x", "X", "UTC"), as_live=True)
    events = run_one_by_one(replace(replayed.setup, source=what.source), replayed.items)
    assert encoded(events) == encoded(run_one_by_one(what, ITEMS))
    assert replayed.setup.tier == "speed"


def treadmill_fit(path: Path, sub_sport: int = fit.TREADMILL) -> Path:
    t = fit.fit_time(START_UTC)
    records = (fit.record(t + s, distance=300 * s) for s in range(60))
    path.write_bytes(fit.fit_file(fit.file_id(), *records, fit.session(fit.RUNNING, sub_sport)))
    return path


def settings_of(tmp_path: Path, **more: float) -> Settings:
    return Settings(data_dir=tmp_path / "hub", **more)  # type: ignore[arg-type]


def test_an_import_knows_the_treadmill_of_the_file_and_whoever_asks_knows_better(tmp_path: Path) -> None:
    path = treadmill_fit(tmp_path / "run.fit")
    with open_archive(settings_of(tmp_path)) as archive:
        archive.registry.add_athlete("Anna", "UTC")
        archive.registry.add_athlete("Bert", "UTC")
        (anna,) = import_all([path], archive, "Anna")
        (bert,) = import_all([path], archive, "Bert", surface="overground")
    assert anna.summary is not None
    assert bert.summary is not None
    assert (anna.summary.header.surface, bert.summary.header.surface) == ("treadmill", "overground")
    loads = [s.totals.load_bw_s or 0.0 for s in (anna.summary, bert.summary)]
    assert loads[0] / loads[1] == pytest.approx(TREADMILL)


def test_on_another_surface_or_under_another_assumption_a_file_is_read_in_another_way(tmp_path: Path) -> None:
    path = treadmill_fit(tmp_path / "run.fit")
    with open_archive(settings_of(tmp_path)) as archive:
        assert import_all([path], archive, None)[0].word == "imported"
        assert import_all([path], archive, None)[0].word == "already there"
        refused = import_all([path], archive, None, surface="overground")[0]
        assert refused.word == "refused"
        assert "surface" in (refused.problem or "")
        assert import_all([path], archive, None, surface="treadmill")[0].word == "already there"
        archive.registry.shoes.add("me", "road", drop_mm=8.0)
    with open_archive(settings_of(tmp_path, drop_per_mm=ASSUMED)) as archive:
        assert import_all([path], archive, None)[0].word == "refused"


def test_height_and_shoes_that_become_known_later_are_no_other_way_of_reading(tmp_path: Path) -> None:
    path = treadmill_fit(tmp_path / "run.fit")
    with open_archive(settings_of(tmp_path)) as archive:
        first = import_all([path], archive, None)[0]
        archive.registry.set_athlete("me", height_m=1.8)
        archive.registry.shoes.add("me", "road", drop_mm=8.0)
        again = import_all([path], archive, None)[0]
    assert again.word == "already there"
    assert again.summary == first.summary


def test_an_import_is_told_of_the_pair_of_its_own_day(tmp_path: Path) -> None:
    path = treadmill_fit(tmp_path / "run.fit")
    with open_archive(settings_of(tmp_path, drop_per_mm=ASSUMED)) as archive:
        loads = {}
        for name in ("plain", "before", "since"):
            who = archive.registry.add_athlete(name, "UTC")
            road, _ = (
                archive.registry.shoes.add(name, pair, drop_mm=mm) for pair, mm in (("road", 0.0), ("flat", 20.0))
            )
            run_on = date(2026, 11, 20)
            if name != "plain":
                first = run_on + timedelta(days=name == "before")
                archive.registry.journal.append([Entry(name, who.id, START_UTC, "test", WearShoe(road.id, first))])
            summary = import_all([path], archive, name)[0].summary
            assert summary is not None
            assert summary.start_utc.date() == run_on
            loads[name] = summary.totals.load_bw_s
    assert loads["plain"] == loads["before"]
    assert (loads["since"] or 0.0) / (loads["plain"] or 1.0) == pytest.approx(1 + 10 * ASSUMED)


def test_with_a_height_an_import_tells_leg_stiffness(tmp_path: Path) -> None:
    path = treadmill_fit(tmp_path / "run.fit")
    with open_archive(settings_of(tmp_path)) as archive:
        archive.registry.add_athlete("Anna", "UTC")
        archive.registry.me("UTC")
        archive.registry.set_athlete("Anna", height_m=1.8)
        tall = import_all([path], archive, "Anna")[0].summary
        untold = import_all([path], archive, None)[0].summary
    assert tall is not None
    assert untold is not None
    assert (tall.totals.leg_stiffness_bw_per_m or 0) > 0
    assert untold.totals.leg_stiffness_bw_per_m is None
