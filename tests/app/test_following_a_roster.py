"""Pods change people while everything runs: who is recorded, what goes on, what waits, what ends by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app import serving
from sensor_hub.app.collecting import collecting, live
from sensor_hub.app.collecting.collecting import BoundPod, Collecting, Rules, bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.rostering import Rostering
from sensor_hub.app.edge import Edge
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.app.serving import Source, serve_edge
from sensor_hub.config import Settings, load_settings
from sensor_hub.model.link import PodState
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.roster import Wish
from sensor_hub.simulation.squad import RSC_PROFILE
from tests.app.on_air import air_of, put_on_air
from tests.app.test_collecting import ANA, BATTERY, BEN, Carrier, at, gathering, give, link, pod, rsc, soon

PROFILES = all_profiles()
ONE, TWO = pod("pod-1"), pod("pod-2", athlete=BEN)


def given_to(bound: BoundPod, athlete: object) -> BoundPod:
    return replace(bound, athlete=athlete, device=replace(bound.device, athlete=athlete.id))  # type: ignore


def runs_of(made: list[Carrier]) -> list[tuple[str, set[str]]]:
    return [(run.setup.athlete, {raw.device for raw in run.taken}) for run in made]


def test_a_pod_without_a_session_is_taken_over_at_once() -> None:
    waiting, made = gathering([ONE])
    give(waiting, [link(0), *(rsc(i, cadence=0) for i in range(1, 60))])
    waiting.follow([given_to(ONE, BEN)])
    assert waiting.note is None
    give(waiting, [rsc(60 + i) for i in range(20)])
    assert runs_of(made) == [(BEN.id, {"pod-1"})]
    assert made[0].taken[0] == link(0), "what was said when it connected is told to whoever wears it now"


def test_steps_before_a_pod_changed_hands_are_not_the_next_ones() -> None:
    waiting, made = gathering([ONE])
    give(waiting, [rsc(i) for i in range(3)])
    waiting.follow([given_to(ONE, BEN)])
    give(waiting, [rsc(3 + i, cadence=0) for i in range(60)])
    assert made == []


def test_a_running_session_goes_on_for_whom_it_began_and_the_next_one_is_the_new_wearers() -> None:
    waiting, made = gathering([ONE], Rules(stop_after_s=60.0))
    give(waiting, [rsc(i) for i in range(60)])
    waiting.follow([given_to(ONE, BEN)])
    assert waiting.note == (
        "pod-1: this run goes on for Ana until 1 min without a step, and what Ben runs sooner counts as Ana's;"
        " the next one is Ben's"
    )
    give(waiting, [rsc(60 + i) for i in range(60)])
    assert runs_of(made) == [(ANA.id, {"pod-1"})]
    assert len(made[0].taken) == 120
    waiting.take([], at(119 + 61))
    assert made[0].finished
    assert waiting.note is None
    give(waiting, [rsc(300 + i) for i in range(20)])
    assert runs_of(made) == [(ANA.id, {"pod-1"}), (BEN.id, {"pod-1"})]
    assert made[1].taken[0].arrival_utc >= at(300)


def test_two_runners_whose_pods_were_swapped_in_mid_run_have_the_right_ones_afterwards() -> None:
    waiting, made = gathering([ONE, TWO], Rules(stop_after_s=60.0))
    both = ("pod-1", "pod-2")
    give(waiting, [rsc(i, device=device) for i in range(60) for device in both])
    waiting.follow([given_to(ONE, BEN), given_to(TWO, ANA)])
    give(waiting, [rsc(60 + i, device="pod-1") for i in range(120)])  # Ben's has ended, Ana's goes on
    assert [run.finished for run in made] == [False, True]
    give(waiting, [rsc(180 + i, device=device) for i in range(20) for device in both])
    assert len(made) == 2, "the pod that Ben gets still belongs to Ana's run, and hers has begun with another"
    waiting.take([], at(199 + 61))
    give(waiting, [rsc(300 + i, device=device) for i in range(20) for device in both])
    assert sorted(runs_of(made[2:])) == [(ANA.id, {"pod-2"}), (BEN.id, {"pod-1"})]


def test_a_pod_that_is_given_to_somebody_who_runs_joins_their_next_run() -> None:
    waiting, made = gathering([ONE], Rules(stop_after_s=60.0))
    give(waiting, [rsc(i) for i in range(30)])
    joins = given_to(TWO, ANA)
    waiting.follow([ONE, joins])
    assert waiting.note == "pod-2: counts from Ana's next run on"
    give(waiting, [RawNotification("pod-2", BATTERY, at(30.5), b"\x57"), link(31, device="pod-2")])
    give(waiting, [rsc(32 + i, device=device) for i in range(20) for device in ("pod-1", "pod-2")])
    assert runs_of(made) == [(ANA.id, {"pod-1"})]
    waiting.take([], at(51 + 61))
    give(waiting, [rsc(200 + i, device=device) for i in range(20) for device in ("pod-1", "pod-2")])
    assert runs_of(made)[1] == (ANA.id, {"pod-1", "pod-2"})
    assert next(raw.characteristic for raw in made[1].taken if raw.device == "pod-2") == BATTERY


def test_after_its_end_a_roster_begins_no_session_and_a_running_one_ends_as_usual() -> None:
    waiting, made = gathering([ONE, TWO], Rules(stop_after_s=60.0))
    give(waiting, [rsc(i) for i in range(30)])
    waiting.follow([])
    assert waiting.on_air.keys() == {"pod-1"}, "who runs is collected on"
    give(waiting, [rsc(30 + i, device=device) for i in range(30) for device in ("pod-1", "pod-2")])
    waiting.take([], at(59 + 61))
    assert [(run.setup.athlete, run.finished, len(run.taken)) for run in made] == [(ANA.id, True, 60)]
    assert waiting.on_air == {}
    give(waiting, [rsc(300 + i, device=device) for i in range(30) for device in ("pod-1", "pod-2")])
    assert len(made) == 1


def test_what_nothing_was_changed_about_goes_on_as_if_nobody_had_asked() -> None:
    untouched, made = gathering([ONE])
    asked, made_too = gathering([ONE])
    for i in range(20):
        give(untouched, [rsc(i)])
        give(asked, [rsc(i)])
        asked.follow([ONE])
    assert [run.taken for run in made] == [run.taken for run in made_too]
    assert len(made) == 1


# --- with a registry, and pods on the air ----------------------------------------------------------------------------

FIRST, SECOND = "C0:00:00:00:00:01", "C0:00:00:00:00:02"
SHORT = Rules(stop_after_s=5.0)


def running(n: int = 900, cadence: int = 170) -> list[tuple[float, str, bytes]]:
    return [(i * 0.25, "2a53", b"\x04\x00\x03" + bytes([cadence])) for i in range(n)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    chosen = load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0, zone="UTC")
    Place.at(chosen.data_dir)
    return chosen


@pytest.fixture
def registry(settings: Settings) -> Iterator[Registry]:
    with Registry(Place.at(settings.data_dir).registry_url) as opened:
        for who in ("Ana", "Ben"):
            opened.add_athlete(who, "UTC")
        for address, name in ((FIRST, "Pod 1"), (SECOND, "Pod 2")):
            opened.add_device(address, name, RSC_PROFILE)
        yield opened


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (collecting, live):
        monkeypatch.setattr(module, "FOLLOW_S", 0.2)


def athletes_of_recordings(registry: Registry, place: Path) -> list[str]:
    names = {a.id: a.display_name for a in registry.athletes()}
    found = [open_recording(file).info for file in sorted(place.glob("*.mcap"))]
    return [names[str(info.athlete)] for info in found]


@pytest.mark.usefixtures("quickly")
def test_a_roster_changed_while_pods_are_on_the_air_is_followed_without_a_restart(
    settings: Settings, registry: Registry
) -> None:
    place = Place.at(settings.data_dir)
    hub = Hub(settings, place, web=False)
    hub.start()
    pods = [rsc_pod(FIRST, "Pod 1", running()), rsc_pod(SECOND, "Pod 2", running())]
    roster = Rostering(registry, PROFILES, "UTC")
    roster.bind("Pod 1", "Ana")
    edge = Edge(place.outbox, hub.mqtt_url, hub.topics)
    edge.start()
    states: list[PodState] = []
    wearing, _ = bound_pods(registry, PROFILES)
    collects = Collecting(
        edge,
        wearing,
        recordings=place.recordings,
        air=air_of(VirtualRadio(pods)),
        rules=SHORT,
        registry=registry,
        bindings=lambda now_utc: bound_pods(registry, PROFILES, now_utc=now_utc)[0],
        on_state=lambda _pod, state: states.append(state),
    )
    ana, ben = (registry.athlete(who).id for who in ("Ana", "Ben"))
    second = registry.device("Pod 2").id

    def runs(who: str) -> bool:
        run = collects.runs.get(who)
        return run is not None and run.runner is not None and run.runner.last_step_utc is not None

    try:
        collects.start()
        assert soon(lambda: runs(ana)), collects.problem
        roster.set([Wish("Pod 2", "Ben", "R")])
        assert soon(lambda: runs(ben)), collects.problem
        assert collects.pods[second].bound().side == "R"
        roster.clear("Pod 2")
        roster.swap("Pod 1", "Pod 2")  # Ana runs on with the first one, and then has the second
        assert soon(lambda: "this run goes on for Ben" in str(collects.problem)), collects.problem
        assert runs(ana)
        assert runs(ben)
        roster.clear()
        assert soon(lambda: collects.problem is None)
        assert runs(ana)
        assert runs(ben), "a running one ends as usual"
        assert not collects.is_idle
    finally:
        collects.stop()
        edge.stop(10.0)
        hub.stop()
    assert collects.broken is None
    assert sorted(athletes_of_recordings(registry, place.recordings)) == ["Ana", "Ben"]
    assert collects.is_idle is False or all(run.runner is None for run in collects.runs.values())


@pytest.mark.usefixtures("quickly")
def test_an_edge_waits_for_a_roster_collects_it_and_waits_again(
    settings: Settings, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = [(i * 0.25, "2a53", b"\x04\x00\x00\x00") for i in range(900)]
    put_on_air(VirtualRadio([rsc_pod(FIRST, "Pod 1", still)]), monkeypatch)
    stop, lines, phases = Event(), list[str](), list[str]()
    monkeypatch.setattr(serving, "told_to_end", lambda: _given(stop))
    told: dict[str, object] = {"on_line": lines.append, "on_pod": lambda _pod, state: phases.append(state.phase)}
    roster = Rostering(registry, PROFILES, "UTC")
    serves = Thread(target=lambda: serve_edge(settings, Source(), **told), daemon=True)  # type: ignore[arg-type]
    serves.start()
    try:
        assert soon(lambda: serving.NOBODY_WEARS_ONE in lines), lines
        roster.bind("Pod 1", "Ana")
        assert soon(lambda: "streaming" in phases), (lines, phases)
        roster.clear()
        assert soon(lambda: lines.count(serving.NOBODY_WEARS_ONE) == 2), lines
        assert phases[-1] == "stopped"
    finally:
        stop.set()
        serves.join(30.0)
    assert not serves.is_alive()


class _given:  # noqa: N801 (stands for a function that is a context)
    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def __enter__(self) -> Event:
        return self._stop

    def __exit__(self, *_: object) -> None:
        return None
