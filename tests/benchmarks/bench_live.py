"""What live running costs, and how long after toe-off a contact is told. Simulated running (``an_hour``)."""

import sys
import time
from itertools import groupby

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Origin, SessionSetup
from sensor_hub.session import RunSession
from sensor_hub.signal.detectors import detector_for
from sensor_hub.simulation.person import Strike
from sensor_hub.simulation.worn import Course, Fitting, Person, Worn, worn
from sensor_hub.units import from_utc_us
from tests.benchmarks.an_hour import TWO_FEET, tell, two_feet_packets

ATHLETES = 100
WARM_S, MEASURED_S = 6, 10  # of the stream; the first seconds are spent on axes
PACKETS_A_SECOND = 20
LIVE: Origin = "live"
PEOPLE: list[tuple[Strike, int]] = [("rearfoot", 1), ("midfoot", 2), ("forefoot", 3), ("rearfoot", 4), ("forefoot", 5)]


def live_setup() -> SessionSetup:
    what = TWO_FEET
    return SessionSetup(what.sid, what.athlete, what.zone, LIVE, what.devices, what.tier, what.start_utc)


def seconds_of(by_device: bool) -> list[list[RawNotification]]:
    """What one runner's sensors send in each second, by arrival or one sensor after the other."""
    n = (WARM_S + MEASURED_S) * PACKETS_A_SECOND
    raws = [
        RawNotification(device, sent.characteristic, from_utc_us(at), row.tobytes())
        for device, sent in two_feet_packets(1).items()
        for at, row in zip(sent.arrival_us[:n].tolist(), sent.payload, strict=False)
    ]
    start = min(raw.arrival_utc for raw in raws)

    def second(raw: RawNotification) -> int:
        return int((raw.arrival_utc - start).total_seconds())

    raws.sort(key=lambda raw: (second(raw), raw.device) if by_device else raw.arrival_utc)
    return [list(group) for _, group in groupby(sorted(raws, key=second), key=second)]


@pytest.mark.parametrize("how", ["each notification", "each second", "each second, a sensor at a time"])
def test_a_hundred_athletes_with_two_feet(benchmark: BenchmarkFixture, how: str) -> None:
    stream = seconds_of(by_device=how.endswith("at a time"))

    def cpu_share() -> float:
        sessions = [RunSession(live_setup()) for _ in range(ATHLETES)]
        begin_s = 0.0
        for number, part in enumerate(stream):
            if number == WARM_S:
                begin_s = time.process_time()
            for session in sessions:
                if how == "each notification":
                    for raw in part:
                        session.receive(raw)
                else:
                    session.receive_many(part)
        return (time.process_time() - begin_s) / (len(stream) - WARM_S)

    share = benchmark.pedantic(cpu_share, rounds=1)  # type: ignore[no-untyped-call]
    tell(f"100 athletes x 2 feet x 200 Hz, {how}", 100 * share, "% of a core", must=25, aim=1)


def told_after_s(mount: Mount, person: Worn) -> FloatArray:
    """(n,) s of the sensor's clock from each true toe-off to the sample with which its contact is told."""
    detector = detector_for(mount)
    truth = person.truth
    found = []
    for i, t_s in enumerate(person.t_s.tolist()):
        cut = slice(i, i + 1)
        told = detector.receive(person.t_s[cut], person.acceleration_mps2[cut], person.rotation_radps[cut])
        for contact_s in told.initial_contact_s.tolist():
            nearest = int(np.argmin(np.abs(truth.initial_contact_s - contact_s)))
            if abs(truth.initial_contact_s[nearest] - contact_s) < 0.1:
                found.append(t_s - float(truth.toe_off_s[nearest]))
    return np.array(found)


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_a_contact_is_told_soon_after_toe_off(benchmark: BenchmarkFixture, mount: Mount) -> None:
    course = Course.run(speed_mps=3.0, duration_s=60.0)
    fitting = Fitting(mount=mount, side="L", rate_hz=200.0)
    people = [worn(course, Person.drawn(seed=s, strike=strike), fitting, seed=s) for strike, s in PEOPLE]
    late = benchmark.pedantic(lambda: [told_after_s(mount, one)[4:] for one in people], rounds=1)  # type: ignore[no-untyped-call]
    late_ms = 1000 * np.concatenate(late)  # without the first, for which the axes had to be found
    p50, p95, p99 = np.percentile(late_ms, [50, 95, 99])
    sys.stderr.write(
        f"\n{detector_for(mount).method.name}: contact told after true toe-off p50 {p50:.0f}, p95 {p95:.0f} ms "
        f"(n = {len(late_ms)} contacts, {len(people)} simulated people; least {late_ms.min():.0f} ms)\n"
    )
    tell(f"contact record after true toe-off at the {mount}, p99", float(p99), "ms", must=50, aim=20)
