"""What an export is made of, and the one way a file comes into being."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.session import GapFound, SessionSummary

UNITS: Final = {
    "time_utc_us": "us since 1970-01-01 UTC", "n_steps": "steps of both feet", "step_time_s": "s",
    "contact_time_s": "s", "contact_time_sd": "s", "flight_time_s": "s", "vgrf_peak_bw": "body weights, modelled",
    "vgrf_impulse_bw_s": "body weights * s, modelled",
    "achilles_peak_bw": "body weights, modelled, within 40 % as a force",
    "achilles_impulse_bw_s": "body weights * s, modelled, within 40 % as a force",
    "speed_mps": "m/s", "quality": "0 to 1", "foot_pitch_rad": "rad, toes up positive",
    "vgrf_peak_sd": "body weights, one standard deviation beside a force plate, were the contact time free of bias",
    "achilles_peak_sd": "body weights, modelled, one standard deviation beside the same runner's steps",
    "achilles_impulse_sd": "body weights * s, modelled, one standard deviation beside the same runner's steps",
    "achilles_push_off_bw_s": "body weights * s, modelled, within 40 % as a force", "grade": "rise over run",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportedSession:
    """A session as it leaves: steps, gaps and summary. ``athlete_name`` only where it was asked for."""

    summary: SessionSummary
    steps: StepTable
    gaps: tuple[GapFound, ...] = ()
    athlete_name: str | None = None

    @property
    def about(self) -> dict[str, str]:
        """What the session is, as text: ids, never a name that was not asked for."""
        header = self.summary.header
        told = {
            "sid": header.sid,
            "athlete": header.athlete,
            "start_utc": self.summary.start_utc.isoformat(),
            "end_utc": self.summary.end_utc.isoformat(),
            "zone": header.zone,
            "origin": header.origin,
            "ledger": header.ledger,
            "tier": header.tier,
            "model": header.model,
            "reference": header.reference,
            "profile": header.profile,
            "instrument": header.instrument,
            "surface": header.surface,
            "source": self.summary.source,
        }
        return told | ({"athlete_name": self.athlete_name} if self.athlete_name else {})


def write_whole(path: Path, write: Callable[[Path], None], *, force: bool = False, option: str = "--out") -> None:
    """Let ``write`` make a file, and put it in its place only when it is whole.

    ``option`` is what the user named it by. RecordingError if something of that name is there and ``force`` is not
    given, ``write`` refuses, or the disk does.
    """
    if path.is_dir():
        raise RecordingError(str(path), "writing", "is a folder", f"give the name of a file for {option}")
    if path.exists() and not force:
        raise RecordingError(str(path), "writing", "is already there", "give --force to replace it, or another name")
    scratch: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        scratch = Path(name)
        write(scratch)
        with scratch.open("rb") as written:
            os.fsync(written.fileno())
        umask = os.umask(0)
        os.umask(umask)
        scratch.chmod(0o666 & ~umask)
        scratch.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(str(path), "writing", reason, f"choose another place for {option}") from error
    except RecordingError as error:  # it names the file that is being made, which nobody knows
        raise RecordingError(str(path), error.place, error.problem, error.mend) from error
    finally:
        if scratch is not None:
            with suppress(OSError):
                scratch.unlink()
