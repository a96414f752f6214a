"""What ``session analyze`` says of a file beside its numbers: by which method, and what was noticed."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from sensor_hub.app.analysis import CONTACT_KEYS, Analysis, answer_of, sees_both_feet, session_answer
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import FLOAT_COLUMNS, Mount, Side, StepTable, Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.recording import RecordingInfo
from sensor_hub.model.session import BoundDevice, Origin, SessionHeader, SessionSummary
from sensor_hub.signal.detectors import detector_for

NOW_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
IMU = all_profiles()["movella-dot"]
BELT = all_profiles()["standard-heart-rate"]


def summary(*warnings: str, tier: Tier = "imu", origin: Origin = "live") -> SessionSummary:
    header = SessionHeader("s1", "ana", "UTC", origin, tier, "achilles-1.0.0", "ref-pop-1", "pod@1")
    return SessionSummary(header, NOW_UTC, NOW_UTC, Totals(), warnings=warnings)


def one_step() -> StepTable:
    columns = dict.fromkeys(FLOAT_COLUMNS, np.full(1, 0.24))
    return StepTable(
        time_utc_us=np.zeros(1, dtype=np.int64),
        side=np.array(["L"]),
        step_time_origin=np.array([""]),
        gait=np.array([""]),
        **columns,
    )


def analysis(*devices: BoundDevice, kind: str = "mcap", tier: Tier = "imu", steps: StepTable | None = None) -> Analysis:
    info = RecordingInfo(kind, "run", devices)
    return Analysis(summary(tier=tier), one_step() if steps is None else steps, (), info, start_known=True)


@pytest.mark.parametrize("mount", ["foot", "shank", "sacrum"])
def test_the_method_is_that_of_the_sensor_that_counts(mount: Mount) -> None:
    found = answer_of(analysis(BoundDevice("belt", BELT), BoundDevice("pod-1", IMU, "L", mount)))
    method = detector_for(mount).method
    assert (found["contact_method"], found["contact_mount"]) == (method.name, mount)
    assert found["contact_method_evidence"] == method.evidence
    assert found["contact_time_calibrated"] is False


def test_a_source_that_finds_contacts_itself_has_no_method_of_ours() -> None:
    for found in (analysis(BoundDevice("pod-1", IMU), tier="contact"), analysis(BoundDevice("what", None))):
        assert answer_of(found)["contact_method"] is None
        assert answer_of(found)["contact_time_calibrated"] is None


def test_where_no_contact_was_found_there_is_no_method() -> None:
    found = analysis(BoundDevice("pod-1", IMU, "L", "foot"), steps=StepTable.concatenate([]))
    assert [answer_of(found)[key] for key in CONTACT_KEYS] == [None] * len(CONTACT_KEYS)


@pytest.mark.parametrize(
    ("worn", "both"),
    [
        ([("L", "foot")], False),
        ([("U", "shank")], False),
        ([("L", "foot"), ("R", "foot")], True),
        ([("U", "sacrum")], True),
    ],
)
def test_both_feet_are_seen_by_a_sensor_on_each_or_by_one_at_the_sacrum(
    worn: list[tuple[Side, Mount]], both: bool
) -> None:
    pods = [BoundDevice(f"pod-{n}", IMU, side, mount) for n, (side, mount) in enumerate(worn)]
    assert sees_both_feet(analysis(*pods)) is both


def test_a_calibration_counts_only_for_its_own_method() -> None:
    line = Calibration(detector_for("foot").method.name, "foot", 0.01, 0.0, 0.24, 0.008, 220, "force", date(2026, 1, 1))
    mine, void = (BoundDevice("p", IMU, "L", "foot", c) for c in (line, replace(line, method="foot-0.1")))
    assert answer_of(analysis(mine))["contact_time_calibrated"] is True
    assert answer_of(analysis(void))["contact_time_calibrated"] is False


def test_codes_and_words_of_a_session_go_together_and_call_a_sensor_by_its_name() -> None:
    told = session_answer(summary("silence", "not-this-mount:pod-1"), {"pod-1": "left, red"})
    assert told["warnings"] == ["silence", "not-this-mount:pod-1"]
    assert told["warning_texts"][1].startswith("left, red: it does not move like")
    assert "pair it again" in told["warning_texts"][1]
    of_file = session_answer(summary("not-this-mount", origin="import"))
    assert "give --mount" in of_file["warning_texts"][0]


def test_the_answer_has_every_total_and_says_with_what_it_was_measured() -> None:
    found = answer_of(analysis(BoundDevice("pod-1", IMU, "L", "foot")))
    assert set(found) >= {f.name for f in fields(Totals)}
    header = replace(summary().header, instrument="imu/foot/foot-1.0", surface="treadmill")
    told = session_answer(replace(summary(), header=header))
    assert (told["instrument"], told["surface"]) == ("imu/foot/foot-1.0", "treadmill")
    assert set(told) >= {f.name for f in fields(Totals)}
