"""Swapped pods of a squad: who is compared with whom, and what is told while they run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting_share import Gathering
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.rostering import Rostering
from sensor_hub.app.collecting.squad_patterns import with_squad
from sensor_hub.app.loads.learned import with_learned
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.roster import Wish
from sensor_hub.model.session import BoundDevice
from sensor_hub.simulation.squad import SHANK_PROFILE
from tests.app.test_collecting import ANA, BEN, Carrier, gathering, give, pod, rsc

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
PROFILES = all_profiles()
NAMES = ("Ana", "Ben", "Cem", "Dia")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A squad of whose strides those of the first three are known, each by another number."""
    with Registry(f"sqlite:///{tmp_path / 'registry.db'}") as opened:
        for n, who in enumerate(NAMES):
            opened.add_athlete(who, "UTC")
            opened.add_device(f"C0:00:00:00:00:0{n}", f"Pod {n}", SHANK_PROFILE, mount="shank")
            if who != "Dia":
                opened.learned.keep_pattern(who, pattern(n))
        yield opened


def pattern(n: int) -> GaitPattern:
    return GaitPattern("shank", "L", ("stride_time_s",), (0.7 + n / 100,), None, 1, 20)


def bound(registry: Registry, who: str, device: str) -> BoundDevice:
    wearing = BoundDevice(registry.device(device).id, PROFILES[SHANK_PROFILE], "L", "shank")
    return with_learned(wearing, registry, registry.athlete(who).id)


def compared(registry: Registry, who: str, device: str, at_utc: datetime = EVENING) -> set[tuple[str, GaitPattern]]:
    given = with_squad(bound(registry, who, device), registry, registry.athlete(who).id, at_utc)
    names = {d.id: d.name for d in registry.devices()}
    return {(names[other], usual) for other, usual in given.others}


def test_everybody_else_on_tonights_roster_is_compared_with_and_nobody_outside_it(registry: Registry) -> None:
    roster = Rostering(registry, PROFILES, "UTC", now_utc=lambda: EVENING)
    assert compared(registry, "Ana", "Pod 0") == set()
    roster.set([Wish("Pod 0", "Ana", "L"), Wish("Pod 1", "Ben", "R")])
    assert compared(registry, "Ana", "Pod 0") == {("Pod 1", pattern(1))}, "Cem is not there tonight"
    assert compared(registry, "Ana", "Pod 0", EVENING + timedelta(days=1)) == set()
    roster.set([Wish("Pod 2", "Ben", "L")])
    assert compared(registry, "Ana", "Pod 0") == {("Pod 2", pattern(1))}, "by the pod of the same side"


def test_without_a_pattern_of_ones_own_nobody_is_compared_with(registry: Registry) -> None:
    roster = Rostering(registry, PROFILES, "UTC", now_utc=lambda: EVENING)
    view = roster.set([Wish("Pod 0", "Ana", "L"), Wish("Pod 3", "Dia", "L")])
    assert compared(registry, "Dia", "Pod 3") == set()
    assert compared(registry, "Ana", "Pod 0") == set(), "nor is anybody taken for one of whom nothing is known"
    known = {p.athlete.display_name: p.strides_known for p in view.pods if p.athlete is not None}
    assert known == {"Ana": True, "Dia": False}


def two_running() -> Gathering:
    waiting, _ = gathering([pod("pod-1"), pod("pod-2", athlete=BEN)])
    give(waiting, [rsc(i, device=device) for i in range(20) for device in ("pod-1", "pod-2")])
    return waiting


def test_two_swapped_pods_are_told_in_one_sentence_and_one_alone_in_another() -> None:
    waiting = two_running()
    assert waiting.swapped is None
    waiting.runs[ANA.id].fits = {"pod-1": "pod-2"}
    assert waiting.swapped == "pod-1 on Ana looks like Ben's strides (pod-2): swapped? sensor-hub roster swap"
    waiting.runs[BEN.id].fits = {"pod-2": "pod-1"}
    said = str(waiting.swapped)
    assert said == "pod-1 on Ana and pod-2 on Ben look swapped: sensor-hub roster swap, if they are"
    waiting.finish()
    assert waiting.swapped is None


def test_a_pod_that_is_not_here_names_nobody() -> None:
    waiting = two_running()
    waiting.runs[ANA.id].fits = {"pod-1": "pod-9"}
    assert waiting.swapped is None


def test_nothing_is_looked_at_where_there_is_nobody_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = two_running()
    run = waiting.runs[ANA.id]
    assert run.runner is not None
    assert not hasattr(run.runner, "fits"), "the carrier of these tests cannot even be asked"
    give(waiting, [rsc(30 + i) for i in range(60)])
    assert run.fits == {}
    setup = run.runner.setup
    run.runner.setup = replace(setup, devices=tuple(replace(d, others=(("pod-2", pattern(1)),)) for d in setup.devices))
    monkeypatch.setattr(Carrier, "fits", lambda _carrier: {"pod-1": "pod-2"}, raising=False)
    give(waiting, [rsc(90 + i) for i in range(20)])
    assert waiting.swapped is not None
