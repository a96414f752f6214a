"""Two pods of a squad put on by each other's wearers, the whole way: learned, warned of, swapped, and right again."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.collecting import bound_pods
from sensor_hub.app.collecting.collecting_gate import Rules
from sensor_hub.app.collecting.collecting_share import Gathering
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.rostering import Rostering
from sensor_hub.app.edge import Edge
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.roster import Wish
from sensor_hub.model.session import SessionSummary
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.squad import SHANK_PROFILE
from sensor_hub.simulation.worn import Fitting, worn
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from sensor_hub.wire import Topics

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
PROFILES = all_profiles()
BODIES = {"Ana": Person.drawn(1), "Ben": Person.drawn(2, "forefoot")}
RUN_S = 80.0


def readings(device: str, who: str, day: int, begin_utc: datetime) -> list[RawNotification]:
    """What a shank logger sends of this person's left leg on a day."""
    run = worn(Course.run(3.0, RUN_S), BODIES[who], Fitting(mount="shank", rate_hz=100.0), seed=day)
    motion = np.hstack([run.acceleration_mps2 / STANDARD_GRAVITY_MPS2, run.rotation_radps / DEGREE_RAD])
    return [
        RawNotification(
            device, "2fff", begin_utc + timedelta(seconds=at_s), struct.pack("<I6f", round(at_s * 1000), *row)
        )
        for at_s, row in zip(run.t_s.tolist(), motion.tolist(), strict=True)
    ]


class Evening:
    """An edge with a box of two pods; every call is a run of both, on a day of its own."""

    def __init__(self, tmp_path: Path) -> None:
        self.registry = Registry(f"sqlite:///{tmp_path / 'registry.db'}")
        self.now_utc = EVENING
        self.roster = Rostering(self.registry, PROFILES, "UTC", now_utc=lambda: self.now_utc)
        self.edge = Edge(tmp_path / "outbox.db", "mqtt://127.0.0.1:1", Topics())
        self.pods = {}
        for n, who in enumerate(BODIES):
            self.registry.add_athlete(who, "UTC")
            self.pods[who] = self.registry.add_device(f"C{n}", f"Pod {who[0]}", SHANK_PROFILE, mount="shank").id
        self.waiting = Gathering(
            self.edge, [], recordings=None, rules=Rules(stop_after_s=30.0), origin="live", registry=self.registry
        )
        self.day = 0

    def run(self, *, swapped: bool = False) -> tuple[set[str | None], dict[str, SessionSummary]]:
        """Return what was told while they ran, and each one's session."""
        self.waiting.follow(bound_pods(self.registry, PROFILES, now_utc=self.now_utc)[0])
        wearers = dict(zip(BODIES, reversed(BODIES) if swapped else BODIES, strict=True))
        sent = [raw for pod, who in wearers.items() for raw in readings(self.pods[pod], who, self.day, self.now_utc)]
        sent.sort(key=lambda raw: raw.arrival_utc)
        told = set[str | None]()
        for second in range(round(RUN_S) + 1):
            end_utc = self.now_utc + timedelta(seconds=second)
            n = sum(raw.arrival_utc < end_utc for raw in sent)
            self.waiting.take(sent[:n], end_utc)
            sent = sent[n:]
            told.add(self.waiting.swapped)
        self.now_utc += timedelta(seconds=RUN_S + 60)
        self.waiting.take([], self.now_utc)
        self.day += 1
        runs = {run.athlete.display_name: run.ended[-1].summary for run in self.waiting.runs.values()}
        return told, {who: summary for who, summary in runs.items() if summary is not None}

    def close(self) -> None:
        self.edge.stop(0.0)
        self.registry.close()


def doubts(summary: SessionSummary) -> list[str]:
    return [code for code in summary.warnings if code.startswith(("fits-better", "pattern-differs"))]


def test_swapped_pods_are_told_learn_nothing_and_fit_again_after_a_swap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.collecting.collecting_run.LOOK_EACH", timedelta(seconds=5))
    evening = Evening(tmp_path)
    one, two = evening.pods.values()
    try:
        evening.roster.set([Wish("Pod A", "Ana", "L"), Wish("Pod B", "Ben", "L")])
        told, sessions = evening.run()
        assert told == {None}
        assert [doubts(s) for s in sessions.values()] == [[], []], "nobody's strides were known: no warning"
        told, sessions = evening.run()
        assert told == {None}
        assert [doubts(s) for s in sessions.values()] == [[], []], "the right pods accuse nobody"
        before = evening.registry.learned.patterns()
        assert {pattern.n_sessions for _, pattern in before} == {2}

        told, sessions = evening.run(swapped=True)
        mutual = {said for said in told if said is not None and "look swapped" in said}
        assert len(mutual) == 1, "both are told in one sentence"
        assert all(name in next(iter(mutual)) for name in ("Pod A on Ana", "Pod B on Ben"))
        assert doubts(sessions["Ana"]) == [f"fits-better:{one}:{two}"]
        assert doubts(sessions["Ben"]) == [f"fits-better:{two}:{one}"]
        people = [athlete.id for athlete in evening.registry.athletes()]
        assert not any(person in code for s in sessions.values() for code in s.warnings for person in people)
        assert evening.registry.learned.patterns() == before, "nothing of it is learned"

        evening.roster.swap("Pod A", "Pod B")
        told, sessions = evening.run(swapped=True)
        assert told == {None}
        assert [doubts(s) for s in sessions.values()] == [[], []]
        assert {s.header.athlete for s in sessions.values()} == set(people)
        assert {pattern.n_sessions for _, pattern in evening.registry.learned.patterns()} == {3}
    finally:
        evening.close()
