"""What is not looked at where nothing is out of the ordinary would have changed nothing: the same bytes without it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.decoders.table import LayoutDecoder
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.link import LINK
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice
from sensor_hub.session import RunSession, run_session, sensor_runs
from sensor_hub.session.imu_decoding import ImuDecoding
from sensor_hub.session.imu_stream import ImuStream
from sensor_hub.session.whole_run import whole_run
from tests.session.packets_of import GENERIC, columns_of, notified
from tests.session.runs import encoded, run_grouped, run_one_by_one, setup
from tests.synthetic_run import cuts, one_leg

WRAP_S = 2**32 / 1e6  # of the layout's counter of microseconds
FEET = (BoundDevice("pod-l", GENERIC, "L", "foot"), BoundDevice("pod-r", GENERIC, "R", "foot"))
TURNED = replace(GENERIC, axes=("-y", "x", "z"))
LEGS = {
    "pod-l": one_leg(12.0, rate_hz=200.0, stride_s=0.71, seed=1, first_contact_s=1.35),
    "pod-r": one_leg(12.0, rate_hz=200.0, stride_s=0.71),
}


def the_long_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LayoutDecoder, "decode_single", lambda *_: None)
    patch.setattr(ImuDecoding, "_place", lambda *_: None)
    patch.setattr(ImuStream, "take_single", lambda *_: None)
    patch.setattr(ImuStream, "run_on", lambda *_: None)
    patch.setattr(ImuStream, "run_far", lambda *_: (0, []))


def counters(data: st.DataObject, t_s: FloatArray) -> FloatArray:
    """The device's seconds: they begin anywhere, also shortly before the counter does anew, and jump."""
    device_s = t_s + data.draw(st.sampled_from([0.0, 17.0, WRAP_S - 5.0, WRAP_S - 0.02]))
    for _ in range(data.draw(st.integers(0, 2))):
        device_s[data.draw(st.integers(1, len(t_s) - 1)) :] += data.draw(st.sampled_from([0.06, 0.2, 3.0, 3000.0]))
    return device_s


def damaged(sent: list[RawNotification], data: st.DataObject) -> list[RawNotification]:
    """Some lost, late, told twice, cut short or in another order; and a host that is told the time."""
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(1, len(sent) - 10))
        match data.draw(st.sampled_from(["lost", "late", "twice", "short", "swapped", "set"])):
            case "lost":
                del sent[at : at + data.draw(st.integers(1, 5))]
            case "late":
                sent[at] = moved(sent[at], 0.04)
            case "twice":
                sent.insert(at + data.draw(st.integers(0, 5)), sent[at])
            case "short":
                sent[at] = replace(sent[at], payload=sent[at].payload[: data.draw(st.sampled_from([0, 5, 6, 7, 18]))])
            case "swapped":
                sent[at - 1], sent[at] = sent[at], sent[at - 1]
            case "set":
                by_s = data.draw(st.sampled_from([-7200.0, 12.0, 7200.0]))
                sent[at:] = [moved(raw, by_s) for raw in sent[at:]]
    return sent


def moved(raw: RawNotification, by_s: float) -> RawNotification:
    return replace(raw, arrival_utc=raw.arrival_utc + timedelta(seconds=by_s))


def any_run(data: st.DataObject) -> list[RawNotification]:
    pods = [damaged(notified(pod, leg, device_s=counters(data, leg.t_s)), data) for pod, leg in LEGS.items()]
    order = np.concatenate([np.arange(len(sent)) + 0.5 * number for number, sent in enumerate(pods)])
    both = [raw for sent in pods for raw in sent]
    return [both[i] for i in np.argsort(order, kind="stable")]


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_one_notification_at_a_time_whatever_happens_to_them(data: st.DataObject) -> None:
    raws = any_run(data)
    right = replace(FEET[1], profile=data.draw(st.sampled_from([GENERIC, TURNED])))
    what = setup((FEET[0], right))
    events = encoded(run_one_by_one(what, raws))
    assert encoded(run_grouped(what, raws, data.draw(cuts(len(raws))))) == events
    with pytest.MonkeyPatch.context() as patch:
        the_long_way(patch)
        assert encoded(run_one_by_one(what, raws)) == events


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_notifications_of_a_file_a_sensor_at_a_time_whatever_happens_to_them(data: st.DataObject) -> None:
    raws = any_run(data)
    for _ in range(data.draw(st.integers(0, 3))):  # what is no sample, or nobody understands, in between
        at = data.draw(st.integers(0, len(raws) - 1))
        said = data.draw(
            st.sampled_from([("pod-l", LINK, b"down timeout"), ("pod-r", "beef", b""), ("?", "2a53", b"")])
        )
        raws.insert(at, RawNotification(*said[:2], raws[at].arrival_utc, said[2]))
    what = setup(FEET, origin="import", start_utc=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_session, "FILE_BATCH_US", data.draw(st.sampled_from([1_700_000, 3_000_000, 60_000_000])))
        patch.setattr(sensor_runs, "NEAR_US", data.draw(st.sampled_from([0, 1_000_000])))
        events = encoded(run_one_by_one(what, raws))
        assert encoded(run_grouped(what, raws, data.draw(cuts(len(raws))))) == events
        assert encoded(run_grouped(what, raws, [(0, len(raws))])) == events


def test_most_of_a_file_is_taken_a_sensor_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    run_far = ImuStream.run_far

    def counted(stream: ImuStream, block: ImuBlock, offset_us: FloatArray) -> object:
        taken.append(len(block))
        return run_far(stream, block, offset_us)

    monkeypatch.setattr(ImuStream, "run_far", counted)
    pods = [notified(pod, leg) for pod, leg in LEGS.items()]
    raws = [raw for both in zip(*pods, strict=True) for raw in both]
    RunSession(setup(FEET, origin="import", start_utc=None)).receive_many(raws)
    assert sum(taken) > 0.9 * sum(len(leg.t_s) for leg in LEGS.values())


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_a_whole_run_whatever_happens_to_its_notifications(data: st.DataObject) -> None:
    raws = [raw for raw in any_run(data) if len(raw.payload) == len(any_payload())]
    raws.sort(key=lambda raw: raw.arrival_utc)
    what = setup(FEET, origin="import", start_utc=None)
    table, totals = whole_run(columns_of(raws), what)
    with pytest.MonkeyPatch.context() as patch:
        the_long_way(patch)
        again, totals_again = whole_run(columns_of(raws), what)
    assert totals == totals_again
    assert len(table) == len(again)
    for name in ("time_utc_us", "contact_time_s", "step_time_s", "flight_time_s", "achilles_peak_bw"):
        np.testing.assert_array_equal(getattr(table, name), getattr(again, name), name)


def any_payload() -> bytes:
    return notified("pod-r", LEGS["pod-r"])[0].payload


def test_most_of_a_live_link_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    take_single = ImuStream.take_single

    def counted(*arguments: object) -> object:
        told = take_single(*arguments)  # type: ignore[arg-type]
        taken.append(told is not None)
        return told

    monkeypatch.setattr(ImuStream, "take_single", counted)
    session = RunSession(setup(FEET))
    for raw in notified("pod-r", LEGS["pod-r"]):
        session.receive(raw)
    assert np.mean(taken) > 0.85
