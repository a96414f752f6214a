"""An athlete's contact times beside a reference's: from files to a line in the registry.

Only recordings can be compared, not stored sessions: a store keeps steps, and not by which method they were found.
What is stored stays as it is; a calibration counts for sessions that begin after it was made.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sensor_hub.app.analysis import open_file
from sensor_hub.app.loads.calibrating_reference import Faults, ForceUsed, Kind, ReferenceFile, compare
from sensor_hub.app.loads.calibrating_run import athlete_of, chosen_imus, recording_path, steps_of
from sensor_hub.app.loads.learned import is_void
from sensor_hub.app.people import Archive
from sensor_hub.guidelines.evaluate import local_day
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Mount
from sensor_hub.signal.calibration.fit import Fit, fit
from sensor_hub.signal.contacts import Method
from sensor_hub.signal.detectors import detector_for


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What came of it. calibration : None if the line was refused. before : the one that was there until now.

    kept : whether it is in the registry now; it has replaced ``before`` then.
    lag_s : the run's clock, from its beginning, minus the reference's. drift : by how much that grows, s/s. Both are
    NaN where minutes were compared.
    """

    recording: str
    athlete: Athlete
    mount: Mount
    method: Method
    kind: Kind
    reference: str
    fit: Fit
    calibration: Calibration | None
    before: Calibration | None
    kept: bool
    lag_s: float
    drift: float
    force: ForceUsed | None = None
    faults: Faults = ()

    def answer(self) -> dict[str, Any]:
        """Return it as JSON values; None is unknown."""
        made = self.calibration
        return {
            "recording": self.recording,
            "athlete": self.athlete.id,
            "mount": self.mount,
            "method": self.method.name,
            "kind": self.kind,
            "reference": self.reference,
            "n": self.fit.n,
            "n_steps": self.fit.n_steps,
            "n_left_out": self.fit.n_left_out,
            "of_minutes": self.fit.of_minutes,
            "before": {"bias_s": known(self.fit.bias_before_s), "sd_s": known(self.fit.sd_before_s)},
            "after_left_out": {"bias_s": known(self.fit.bias_after_s), "sd_s": known(self.fit.sd_after_s)},
            "offset_s": known(self.fit.offset_s),
            "offset_se_s": known(self.fit.offset_se_s),
            "slope": None if known(self.fit.offset_s) is None else known(self.fit.slope),
            "centre_s": known(self.fit.centre_s),
            "residual_sd_s": known(self.fit.residual_sd_s) if made is None else made.residual_sd_s,
            "bias_bound_s": None if made is None or made.bias_bound_s is None else known(made.bias_bound_s),
            "by_side_s": {side: known(offset_s) for side, offset_s in self.fit.by_side_s},
            "clock_lag_s": known(self.lag_s),
            "clock_drift_ppm": known(self.drift * 1e6),
            "belt_offset_n": None if self.force is None else known(self.force.zero_n),
            "force": None if self.force is None else _force_answer(self.force),
            "refusals": [
                {"reason": r.reason, "found": known(r.found), "limit": known(r.limit)} for r in self.fit.refusals
            ],
            "kept": self.kept,
            "replaces": None if self.before is None or made is None else line_answer(self.athlete.id, self.before),
            "faults": [{"file": path, **asdict(fault)} for path, fault in self.faults],
        }

    @property
    def lost(self) -> bool:
        """Whether something that was in one of the files could not be read."""
        return any(fault.lost for _, fault in self.faults)


def line_answer(athlete: str, line: Calibration) -> dict[str, Any]:
    """Return a kept line as JSON values; None is unknown. A void one is used by no session."""
    return {"athlete": athlete, **asdict(line), "made_on": line.made_on.isoformat(), "void": is_void(line)}


def _force_answer(force: ForceUsed) -> dict[str, Any]:
    numbers = ("usual_peak_n", "unknown_share", "zero_n", "flights_zero_n")
    values = asdict(force) | {name: known(getattr(force, name)) for name in numbers}
    return values | {"usual_peak_bw": known(force.usual_peak_bw)}


def known(value: float) -> float | None:
    """Return a number for JSON; None for NaN."""
    return round(float(value), 9) if np.isfinite(value) else None


def calibrate(
    archive: Archive,
    what: str,
    reference: ReferenceFile,
    *,
    athlete: str | None = None,
    device: str | None = None,
    recordings: Path | None = None,
    dry_run: bool = False,
    start_utc: datetime | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    **how: Any,
) -> Calibrated:
    """Compare a recording with a reference, and keep the line for its athlete, mount and method if there is one.

    what : a file, the id of a session whose recording is in ``recordings``, or ``last``.
    start_utc : when a file without a date began, where minutes are compared. ``how`` is that of ``open_file``.
    RecordingError, RegistryError or ProfileError where something cannot be read or does not belong together.
    """
    path = recording_path(archive, recordings, what, athlete)
    recording = open_file(path, own_profiles=archive.own_profiles, start_utc=start_utc, **how)
    recording.info.start_utc = start_utc or recording.info.start_utc
    who = athlete_of(archive, recording, athlete)
    mount, devices = chosen_imus(recording, device)
    method = detector_for(mount).method
    table, begin_us = steps_of(recording, devices, who)
    compared = compare(recording.info, table, begin_us, reference, who)
    found = fit(compared.pairs)
    made_on = local_day(now(), who.zone)
    made = None
    if not found.refusals:
        text, error_s = compared.reference, compared.error_s
        made = found.calibration(method, mount, text, made_on, reference_error_s=error_s)
    before = archive.registry.learned.calibration(who.id, mount, method.name)
    if made is not None and not dry_run:
        archive.registry.learned.keep_calibration(who.id, made)
    own_faults = tuple((str(path), fault) for fault in recording.faults)
    return Calibrated(
        recording=str(path),
        athlete=who,
        mount=mount,
        method=method,
        kind=compared.kind,
        reference=compared.reference,
        fit=found,
        calibration=made,
        before=before,
        kept=made is not None and not dry_run,
        lag_s=compared.pairs.lag_s,
        drift=compared.pairs.drift,
        force=compared.force,
        faults=own_faults + compared.faults,
    )


__all__ = ["Calibrated", "ReferenceFile", "calibrate", "known", "line_answer"]
