"""What a killed edge left: its recording ends in mid-run, and its session has no summary. Both are made good here.

Replaying a recording gives the same events in the same numbering, so the outbox takes only those it has not taken yet.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.mcap_reader import MAGIC
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.app.analysis import open_file
from sensor_hub.app.collecting.collecting_gate import gives_readings, tier_for
from sensor_hub.app.collecting.collecting_run import SOURCE
from sensor_hub.app.edge import Edge
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import SessionSetup

BLOCK: Final = 500
AT_THE_START: Final = timedelta(seconds=30)


def cut_off(recordings: Path) -> list[Path]:
    """Return the recordings that nobody ended, oldest first; ask before a new one is begun."""
    return [path for path in sorted(recordings.glob("*.mcap")) if not _is_ended(path)]


def _is_ended(path: Path) -> bool:
    """An MCAP file that was finished ends as it begins."""
    try:
        with path.open("rb") as file:
            file.seek(-len(MAGIC), 2)
            return file.read() == MAGIC and path.stat().st_size > len(MAGIC)
    except OSError:  # shorter than that, or not to be read: neither has a session in it
        return True


def settle(
    paths: Sequence[Path], edge: Edge, own_profiles: Path | None, *, stop: Callable[[], bool] = lambda: False
) -> list[str]:
    """End the sessions of these recordings where their recording ends; return the sids of those that were ended.

    Only what was collected live is ended. What cannot be read stays as it is. Told to stop it leaves the rest for the
    next time.
    """
    ended = []
    for path in paths:
        sid = _settle(path, edge, own_profiles, stop)
        if sid is not None:
            ended.append(sid)
    return ended


def _settle(path: Path, edge: Edge, own_profiles: Path | None, stop: Callable[[], bool]) -> str | None:
    whole = path.with_name(f".{path.stem}.settling")
    try:
        setup = _setup_of(open_file(path, own_profiles=own_profiles))
        if setup is None:
            return None
        whole.unlink(missing_ok=True)
        runner = edge.runner(setup, McapRecorder.for_session(whole, setup), shows=False)
        try:
            items = iter(open_file(path, own_profiles=own_profiles))
            while block := list(islice(items, BLOCK)):
                if stop():
                    break
                runner.take(block)
            else:
                runner.finish_over_again()
        finally:
            runner.close_recording()
        if runner.summary is None or runner.recording_note is not None:
            return None
        whole.replace(path)
    except (RecordingError, ProfileError, OSError):
        return None
    finally:
        with suppress(OSError):
            whole.unlink(missing_ok=True)
    return setup.sid


def _setup_of(recording: OpenRecording) -> SessionSetup | None:
    """Say again what the session was begun with; None if it was not collected live."""
    info = recording.info
    if info.sid is None or info.athlete is None or info.zone is None or info.origin != "live":
        return None
    return SessionSetup(
        sid=info.sid,
        athlete=info.athlete,
        zone=info.zone,
        origin="live",
        devices=info.devices,
        tier=info.tier or tier_for(_heard_at_the_start(recording)),
        source=SOURCE,
        conditions=info.conditions,
        load_reference=info.load_reference,
    )


def _heard_at_the_start(recording: OpenRecording) -> list[DeviceProfile]:
    """Return the profiles of those whose readings began the session, by which its tier was chosen."""
    profiles = {bound.device: bound.profile for bound in recording.info.devices if bound.profile is not None}
    heard: dict[str, DeviceProfile] = {}
    begin_utc = None
    for raw in recording:
        profile = profiles.get(raw.device)
        if not isinstance(raw, RawNotification) or profile is None:
            continue
        if not gives_readings(profile.characteristics.get(raw.characteristic, ""), profile):
            continue
        begin_utc = begin_utc or raw.arrival_utc
        if raw.arrival_utc - begin_utc > AT_THE_START:
            break
        heard[raw.device] = profile
    return list(heard.values())
