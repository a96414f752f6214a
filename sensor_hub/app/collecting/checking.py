"""``devices check``: does each pod send what its profile promises, before the run and not after it.

``examine`` is pure: notifications of some seconds in, what is wrong with a pod out, as codes with numbers. It judges a
recording as well as a live link.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from sensor_hub.adapters.ble.antenna import NOBODY_HEARD
from sensor_hub.adapters.ble.faults import without_address
from sensor_hub.adapters.ble.inbox import Inbox
from sensor_hub.adapters.ble.keeper import NOT_HEARD
from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.adapters.ble.thread import ENDED, CollectorThread
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import open_file
from sensor_hub.app.collecting.checking_readings import SEVERITY, Code, Numbers, Verdict, of_imu, of_records
from sensor_hub.app.collecting.collecting import Air
from sensor_hub.app.collecting.collecting_gate import BoundPod, gives_readings, tier_for
from sensor_hub.errors import BluetoothError, DecodeError, RecordingError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.link import LINK, LinkChange, PodState
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.sensor_view import SensorCheck
from sensor_hub.model.session import DecodeFailed, Event, SessionSetup, SessionSummary, StepBatch
from sensor_hub.session import RunSession
from sensor_hub.signal.wearing.mounting import DOUBTS, Doubt

BATTERY_LOOK_PERCENT, BATTERY_NO_PERCENT = 25, 10  # ours
LARGEST_RESIDUAL_S: Final = 0.05  # ours
UNDECODABLE_SHARE: Final = 0.01  # ours
SWING_STEPS: Final = 6.0  # ours
CONNECT_S: Final = 30.0
POLL_S: Final = 0.1
LONGEST_PROBLEM: Final = 400  # characters of what is told to others


@dataclass(frozen=True, slots=True)
class PodCheck:
    """One pod, examined. Numbers are None where they cannot be told.

    rate_hz : readings a second. gravity : |acceleration| at rest over 1 g. swing : which way the gyroscope turned,
    known only if the window had steps. problem : what is wrong with its link, in words. findings : code and its number.
    """

    device: str
    n_notifications: int
    rate_hz: float | None = None
    declared_hz: float | None = None
    n_gaps: int = 0
    longest_gap_s: float | None = None
    n_doubled: int = 0
    n_undecodable: int = 0
    n_steps: float = 0.0
    clock_skew_ppm: float | None = None
    clock_residual_s: float | None = None
    battery_percent: int | None = None
    gravity: float | None = None
    swing: str | None = None
    problem: str | None = None
    findings: tuple[tuple[Code, float | None], ...] = field(default=())

    @property
    def verdict(self) -> Verdict:
        """The worst of what was found."""
        found = {SEVERITY[code] for code, _ in self.findings}
        return "no" if "no" in found else "look" if "look" in found else "ok"

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values."""
        values = {k: round(v, 6) if isinstance(v, float) else v for k, v in asdict(self).items() if k != "findings"}
        found = [{"code": code, "value": value} for code, value in self.findings]
        return {**values, "verdict": self.verdict, "findings": found}


def examine(pod: BoundPod, raws: Sequence[RawNotification], state: PodState | None = None) -> PodCheck:
    """Judge what a pod sent in some seconds; ``state`` is its link's at the end, None for a recording."""
    named = pod.profile.characteristics
    readings = [r for r in raws if gives_readings(named.get(r.characteristic, ""), pod.profile)]
    n_failures, n_steps, doubts, session = _run_through(pod, raws)
    found: list[tuple[Code, float | None]] = []
    battery_percent = _battery(raws, state)
    if pod.profile.kind != "companion" and not readings:
        found.append(("no-data" if _was_linked(raws) else "not-heard", None))
    numbers = _numbers(pod, readings)
    found += numbers.findings
    n_drops, problem = _n_drops(raws), _problem(state)
    if n_drops:
        found.append(("dropped", float(n_drops)))
    if problem is not None:
        found.append(("problem", None))
    if n_failures:
        share = n_failures / len(raws)
        found.append(("undecodable" if share > UNDECODABLE_SHARE else "some-undecodable", float(n_failures)))
    if battery_percent is not None and battery_percent <= BATTERY_LOOK_PERCENT:
        empty = battery_percent <= BATTERY_NO_PERCENT
        found.append(("battery-empty" if empty else "battery-low", float(battery_percent)))
    clock = session.clocks().get(pod.device.id)
    if clock is not None and clock.residual_s is not None and clock.residual_s > LARGEST_RESIDUAL_S:
        found.append(("clock-residual", clock.residual_s))
    if clock is not None and clock.n_resets:
        found.append(("clock-reset", float(clock.n_resets)))
    swing = numbers.swing if n_steps >= SWING_STEPS else None
    if swing is not None and pod.device.swing is not None and swing != pod.device.swing:
        found.append(("turned", None))
    found += [(doubt, None) for doubt in doubts]
    if pod.profile.status == "unverified":
        found.append(("unverified", None))
    return PodCheck(
        device=pod.device.id,
        n_notifications=len(raws),
        rate_hz=numbers.rate_hz,
        declared_hz=pod.profile.sampling_rate_hz,
        n_gaps=numbers.n_gaps,
        longest_gap_s=numbers.longest_gap_s,
        n_doubled=numbers.n_doubled,
        n_undecodable=n_failures,
        n_steps=n_steps,
        clock_skew_ppm=clock.skew_ppm if clock else None,
        clock_residual_s=clock.residual_s if clock else None,
        battery_percent=battery_percent,
        gravity=numbers.gravity,
        swing=swing,
        problem=problem,
        findings=tuple(found),
    )


def _run_through(pod: BoundPod, raws: Sequence[RawNotification]) -> tuple[int, float, list[Doubt], RunSession]:
    """Decode as a run would; return notifications that could not be, steps, how it is worn, and the session."""
    setup = SessionSetup("check", "check", "UTC", "live", (pod.bound(),), tier_for([pod.profile]))
    session = RunSession(setup)
    events = [*session.receive_many(raws), *session.finish()]
    n_failures = sum(isinstance(event, DecodeFailed) for event in events)
    n_steps = sum(float(e.steps.n_steps.sum()) for e in events if isinstance(e, StepBatch))
    return n_failures, n_steps, last_doubts(events), session


def last_doubts(events: Sequence[Event]) -> list[Doubt]:
    """What a run's last summary says of how its sensor is worn."""
    warnings = [event.warnings for event in events if isinstance(event, SessionSummary)]
    said = {code.partition(":")[0] for code in warnings[-1]} if warnings else set()
    return [doubt for doubt in DOUBTS if doubt in said]


def _battery(raws: Sequence[RawNotification], state: PodState | None) -> int | None:
    if state is not None and state.battery_percent is not None:
        return state.battery_percent
    said = [raw.payload[0] for raw in raws if raw.characteristic == "2a19" and len(raw.payload) == 1]
    return said[-1] if said and said[-1] <= 100 else None


def _was_linked(raws: Sequence[RawNotification]) -> bool:
    """Whether it was there at all: a collector may say that the radio is off of a sensor that never was."""
    return any(raw.characteristic != LINK or raw.payload == b"up" for raw in raws)


def _n_drops(raws: Sequence[RawNotification]) -> int:
    """How often a link that was up broke or lost something."""
    n_drops, is_up = 0, False
    for raw in raws:
        if raw.characteristic != LINK:
            is_up = True
            continue
        try:
            change = LinkChange.from_notification(raw)
        except DecodeError:
            continue
        n_drops += change.state == "lost" or (change.state == "down" and is_up)
        is_up = change.state == "up" or (change.state == "lost" and is_up)
    return n_drops


def _problem(state: PodState | None) -> str | None:
    """What stands in the way of its link, beyond that it is not heard."""
    return state.problem if state is not None and state.problem != NOT_HEARD else None


def _numbers(pod: BoundPod, readings: Sequence[RawNotification]) -> Numbers:
    if not readings:
        return Numbers()
    return of_imu(pod, readings) if pod.profile.kind == "imu" else of_records(pod.profile, readings)


def check_live(
    pods: Sequence[BoundPod],
    air: Air,
    seconds: float,
    *,
    on_state: Callable[[PodState], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[PodCheck]:
    """Link the pods, listen for some seconds once all are linked or nobody else is to be expected, and examine each.

    BluetoothError as soon as something keeps all pods away, such as an adapter that is off, or when told to stop.
    """
    inbox = Inbox()
    thread = CollectorThread(
        [Pod(p.device.id, p.device.address, p.profile, p.device.fingerprint) for p in pods],
        inbox,
        air.radio,
        on_state,
        air.slots,
        patience=air.patience,
        on_loop_start=air.on_loop_start,
        on_loop_stop=air.on_loop_stop,
    )
    thread.start()
    try:
        _wait(thread, CONNECT_S, stop, until=lambda: _all_linked(thread))
        _wait(thread, seconds, stop)
        states, raws = _plausible(thread.states()), inbox.take(0.0)
    finally:
        thread.stop()
    return [examine(p, [r for r in raws if r.device == p.device.id], states.get(p.device.id)) for p in pods]


def _wait(
    thread: CollectorThread, seconds: float, stop: Callable[[], bool], until: Callable[[], bool] = lambda: False
) -> None:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s and not until():
        if thread.problem is not None:
            raise BluetoothError(thread.problem)
        if stop():
            raise BluetoothError(ENDED)
        time.sleep(POLL_S)


def _plausible(states: dict[str, PodState]) -> dict[str, PodState]:
    """A radio over which somebody streams is not stuck: those it hears are linked already, and advertise no more."""
    if not any(state.phase == "streaming" for state in states.values()):
        return states
    return {d: replace(s, problem=None) if s.problem == NOBODY_HEARD else s for d, s in states.items()}


def _all_linked(thread: CollectorThread) -> bool:
    return all(state.phase == "streaming" for state in thread.states().values())


def told_of(check: PodCheck, at_utc: datetime) -> SensorCheck:
    """Return what is remembered of a check, and told to others; nothing in it has an address."""
    verdict: Literal["fit", "look", "no"] = "fit" if check.verdict == "ok" else check.verdict
    problem = None if check.problem is None else without_address(check.problem)[:LONGEST_PROBLEM]
    return SensorCheck(check.device, at_utc, verdict, tuple(check.findings), problem)


def learn(registry: Registry, pods: Sequence[BoundPod], checks: Sequence[PodCheck]) -> None:
    """Remember which way each leg swings, where that was not known, so that the next check can notice a swap."""
    for pod, found in zip(pods, checks, strict=True):
        if found.swing is not None and pod.device.swing is None:
            registry.remember_device(pod.device.id, swing=found.swing)


def check_recording(path: Path, own_profiles: Path | None) -> list[tuple[BoundPod, PodCheck]]:
    """Examine every pod of a recording; RecordingError if it holds no notifications."""
    recording = open_file(path, own_profiles=own_profiles)
    raws = [item for item in recording if isinstance(item, RawNotification)]
    nobody = Athlete(recording.info.athlete or "unknown", "–", recording.info.zone or "UTC")
    found = []
    for bound in recording.info.devices:
        if bound.profile is not None:
            device = Device(bound.device, "", bound.device, bound.profile.id, nobody.id, bound.side, bound.mount)
            pod = BoundPod(device, bound.profile, nobody)
            found.append((pod, examine(pod, [r for r in raws if r.device == bound.device])))
    if not raws or not found:
        raise RecordingError(str(path), "beginning", "holds no notifications of a pod", "give a recording (MCAP)")
    return found
