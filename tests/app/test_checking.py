"""What a check finds: on made-up notifications with one thing wrong, on a recording, and on virtual pods."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting.checking import PodCheck, check_live, check_recording, examine, last_doubts, learn
from sensor_hub.app.collecting.checking_readings import swing_of
from sensor_hub.app.collecting.collecting import BoundPod, bound_pods
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.errors import RecordingError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.link import LinkCause, LinkChange, PodState
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup, SessionSummary
from sensor_hub.session import RunSession
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from sensor_hub.words.pods import finding_text
from tests.app.on_air import LEFT, RIGHT, air_of
from tests.synthetic_run import one_leg

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
PROFILES = all_profiles()
ANA = Athlete("ana23456", "Ana", "UTC")
SHANK, RSC = "fuzzylabs-shank-logger", "standard-rsc"
GOOD = PodState("pod-1", "streaming", battery_percent=80)


def pod(profile: str = SHANK, swing: str | None = None) -> BoundPod:
    device = Device("pod-1", "00", "MyFoot", profile, ANA.id, "L", "shank" if profile == SHANK else None, swing=swing)
    return BoundPod(device, PROFILES[profile], ANA)


def at(at_s: float) -> datetime:
    return START_UTC + timedelta(seconds=at_s)


def shank(
    duration_s: float = 10.0, *, rate_hz: float = 100.0, gravity: float = 1.0, turn: float = 1.0, drift_dps: float = 0.0
) -> list[RawNotification]:
    """Three seconds of standing, then running."""
    leg = one_leg(duration_s, rate_hz=rate_hz, first_contact_s=3.0)
    acceleration_g = gravity * leg.acceleration_mps2 / STANDARD_GRAVITY_MPS2
    motion = np.hstack([acceleration_g, turn * leg.rotation_radps / DEGREE_RAD + drift_dps])
    return [
        RawNotification("pod-1", "2fff", at(at_s + 0.02), struct.pack("<I6f", round(at_s * 1000), *row))
        for at_s, row in zip(leg.t_s.tolist(), motion.tolist(), strict=True)
    ]


def rsc(n: int = 10) -> list[RawNotification]:
    return [RawNotification("pod-1", "2a53", at(i), b"\x04\x00\x03\xaa") for i in range(n)]


def codes(found: PodCheck) -> list[str]:
    return [code for code, _ in found.findings]


def test_a_good_imu_is_ok_and_its_numbers_are_those_of_the_stream() -> None:
    found = examine(pod(), shank(), GOOD)
    assert (found.verdict, codes(found)) == ("ok", [])
    assert found.rate_hz == pytest.approx(100, rel=0.01)
    assert found.gravity == pytest.approx(1.0, abs=0.05)
    assert (found.n_gaps, found.n_doubled, found.n_undecodable) == (0, 0, 0)
    assert found.n_steps >= 12
    assert found.battery_percent == 80


def test_a_good_footpod_is_ok() -> None:
    found = examine(pod(RSC), rsc(), GOOD)
    assert found.verdict == "ok"
    assert found.rate_hz == pytest.approx(1.0)


def test_what_a_run_says_of_how_a_sensor_is_worn_is_found() -> None:
    session = RunSession(SessionSetup("check", "check", "UTC", "live", (pod().bound(),), "imu"))
    events = [*session.receive_many(shank()), *session.finish()]
    last = next(event for event in reversed(events) if isinstance(event, SessionSummary))
    assert last_doubts(events) == []
    doubtful = replace(last, warnings=("no-contact-time", "slipped:pod-1", "upside-down"))
    assert last_doubts([*events, doubtful]) == ["slipped", "upside-down"]
    assert last_doubts([doubtful, last]) == [], "the last word counts"
    assert last_doubts([]) == []


def dropped(raws: list[RawNotification]) -> list[RawNotification]:
    return [raw for i, raw in enumerate(raws) if i % 3]


def holed(raws: list[RawNotification]) -> list[RawNotification]:
    return raws[:200] + raws[240:]


def doubled(raws: list[RawNotification]) -> list[RawNotification]:
    return [raw for raw in raws for _ in range(2)]


def garbled(raws: list[RawNotification]) -> list[RawNotification]:
    return [*raws, *(replace(raw, payload=b"\x01") for raw in raws[-50:])]


def broken_link(cause: LinkCause = "disconnected") -> list[RawNotification]:
    raws = shank()
    return [*raws[:500], LinkChange("pod-1", at(5), "down", cause).to_notification(), *raws[500:]]


@pytest.mark.parametrize(
    ("raws", "code", "verdict"),
    [
        (dropped(shank()), "very-slow", "no"),
        (shank(rate_hz=90), "slow", "look"),
        (holed(shank()), "gaps", "look"),
        (doubled(shank()), "doubled", "no"),
        (garbled(shank()), "undecodable", "no"),
        (shank(gravity=1.1), "gravity", "look"),
        (shank(drift_dps=10.0), "gyro-drift", "look"),
        (broken_link(), "dropped", "look"),
        ([RawNotification("pod-1", "2a19", at(0), b"\x50")], "no-data", "no"),
        ([], "not-heard", "no"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_an_imu_is_found(raws: Sequence[RawNotification], code: str, verdict: str) -> None:
    found = examine(pod(), raws, GOOD)
    assert code in codes(found), found
    assert found.verdict == verdict


@pytest.mark.parametrize(("percent", "verdict"), [(80, "ok"), (20, "look"), (5, "no")])
def test_a_battery_that_will_not_last_is_said(percent: int, verdict: str) -> None:
    assert examine(pod(), shank(), replace(GOOD, battery_percent=percent)).verdict == verdict
    level = RawNotification("pod-1", "2a19", at(0), bytes([percent]))
    assert examine(pod(), [level, *shank()]).verdict == verdict, "also where only the recording knows it"


def link(at_s: float, payload: bytes) -> RawNotification:
    return RawNotification("pod-1", "link", at(at_s), payload)


def test_a_sensor_that_was_never_linked_is_not_heard_and_nothing_broke() -> None:
    away = PodState("pod-1", "waiting", problem="no Bluetooth adapter is on")
    found = examine(pod(), [link(0, b"down adapter-off")], away)
    assert codes(found) == ["not-heard", "problem"]
    assert found.problem == "no Bluetooth adapter is on"


def test_a_link_that_breaks_while_it_is_made_is_no_drop_and_one_that_was_up_is() -> None:
    up = [link(0, b"down refused"), link(1, b"up"), *shank()]
    assert codes(examine(pod(), up, GOOD)) == []
    assert ("dropped", 1.0) in examine(
        pod(), [*up, link(11, b"down stalled"), link(12, b"down refused")], GOOD
    ).findings
    assert ("dropped", 1.0) in examine(pod(), [*up, link(11, b"lost overflow 7")], GOOD).findings


def test_what_is_wrong_with_a_link_is_said_in_its_words() -> None:
    found = examine(pod(), shank(), replace(GOOD, problem="it has no characteristic 2a19"))
    assert (codes(found), found.problem) == (["problem"], "it has no characteristic 2a19")
    assert finding_text("problem", None, found.problem).endswith("problem: it has no characteristic 2a19")


def test_an_unknown_battery_is_unknown_and_not_empty() -> None:
    found = examine(pod(), shank(), replace(GOOD, battery_percent=None))
    assert (found.battery_percent, found.verdict) == (None, "ok")


def test_a_footpod_that_fell_silent_has_a_gap() -> None:
    found = examine(pod(RSC), [raw for raw in rsc(20) if not 5 < (raw.arrival_utc - START_UTC).total_seconds() < 15])
    assert codes(found) == ["gaps"]
    assert found.longest_gap_s == pytest.approx(10.0)


def test_a_swing_the_other_way_than_before_is_a_warning_and_the_same_way_is_none() -> None:
    first = examine(pod(), shank(), GOOD).swing
    assert first is not None
    assert codes(examine(pod(swing=first), shank(), GOOD)) == []
    assert codes(examine(pod(swing=first), shank(turn=-1.0), GOOD)) == ["turned"]


def test_who_stands_still_swings_no_way() -> None:
    assert examine(pod(swing="z+"), shank(2.9), GOOD).swing is None
    assert swing_of(np.zeros((500, 3))) is None
    assert swing_of(np.zeros((0, 3))) is None


def test_a_swing_is_learned_once(registry: Registry) -> None:
    device = registry.add_device(LEFT, "MyFoot", SHANK, athlete=registry.me("UTC").id, side="L", mount="shank")
    (mine,), _ = bound_pods(registry, PROFILES)
    learn(registry, [mine], [PodCheck(device.id, 10, swing="z-")])
    (mine,), _ = bound_pods(registry, PROFILES)
    assert mine.device.swing == "z-"
    learn(registry, [mine], [PodCheck(device.id, 10, swing="z+")])
    assert registry.device(device.id).swing == "z-"


def test_a_recording_is_judged_like_a_live_pod(tmp_path: Path) -> None:
    bound = BoundDevice("pod-1", PROFILES[SHANK], "L", "shank")
    path = tmp_path / "run.mcap"
    recorder = McapRecorder(path, sid="01jd", athlete="ana23456", zone="UTC", origin="live", devices=[bound])
    for raw in doubled(shank()):
        recorder.append(raw)
    recorder.close()
    ((mine, found),) = check_recording(path, None)
    assert (mine.device.id, mine.device.side) == ("pod-1", "L")
    assert "doubled" in codes(found)
    with pytest.raises(RecordingError):
        check_recording(tmp_path / "nothing.mcap", None)


def test_live_pods_are_checked_and_one_that_is_away_is_said_to_be(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.collecting.checking.CONNECT_S", 4.0)
    frames = [((raw.arrival_utc - START_UTC).total_seconds(), "2fff", raw.payload) for raw in shank(60.0)]
    radio = VirtualRadio([shank_pod(LEFT, "MyFoot SIM", frames, battery_percent=77)])
    me = registry.me("UTC")
    registry.add_device(LEFT, "MyFoot", SHANK, athlete=me.id, side="L", mount="shank")
    registry.add_device(RIGHT, "Gone", RSC, athlete=me.id)
    pods, _ = bound_pods(registry, PROFILES)
    here, away = sorted(
        zip(pods, check_live(pods, air_of(radio), 2.0), strict=True), key=lambda pair: pair[0].device.name, reverse=True
    )
    assert codes(here[1]) == []
    assert here[1].battery_percent == 77
    assert here[1].n_notifications > 150
    assert codes(away[1]) == ["not-heard"]


def test_a_pod_without_anything_to_say_is_linked_and_silent(registry: Registry) -> None:
    radio = VirtualRadio([rsc_pod(LEFT, "Foot SIM")])
    registry.add_device(LEFT, "Foot SIM", RSC, athlete=registry.me("UTC").id)
    pods, _ = bound_pods(registry, PROFILES)
    (found,) = check_live(pods, air_of(radio), 1.0)
    assert "no-data" in codes(found)
    assert found.verdict == "no"
