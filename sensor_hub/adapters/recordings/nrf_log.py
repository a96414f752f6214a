"""Logs of the app nRF Connect, as text or CSV: lines with a time of day, a characteristic and its bytes.

Android writes ``I<tab>12:34:56.789<tab>Notification received from 00002a53-…, value: (0x) 01-00-03`` below a head of
the app's name with a date; iOS writes ``[12:34:56.7890] Normal: Updated Value of Characteristic 2A53 to 0100 03.``, or
the same as CSV with the columns Timestamp, Source, Level, Line.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final

from sensor_hub.adapters.recordings.att_capture import short_uuid
from sensor_hub.adapters.recordings.captures import opened
from sensor_hub.adapters.recordings.opened import OpenRecording, read_whole
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Fault

KIND: Final = "nrf-log"
NO_DATE: Final = date(1970, 1, 1)
FAULTS_NAMED: Final = 20
_HEAD: Final = re.compile(r"nRF Connect\b.*?(\d{4}-\d\d-\d\d)?\s*$")
_ADDRESS: Final = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
_DEVICE: Final = re.compile(r"(.*?)\s*\(((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})\)\s*$")
_CONNECTED: Final = re.compile(r"\bConnected to ((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})")
_TIME: Final = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d):(\d\d):(\d\d)[.,](\d{1,9})")
_ANDROID: Final = re.compile(
    r"(?:Notification|Indication|Read Response) received from ([0-9A-Fa-fx-]+), value: (?:\(0x\) ?(.*)|0 bytes)"
)
_IOS: Final = re.compile(r"Updated Value of Characteristic ([0-9A-Fa-fx-]+) to (?:0x)?([^.\"]*)")
_SAYS_VALUE: Final = re.compile(r"received from [0-9A-Fa-fx-]+, value:|Updated Value of Characteristic")


def is_nrf_log(data: bytes) -> bool:
    """True if the beginning of the file has the app's head, or a line of a log with a value in it."""
    text = data.decode("utf-8-sig", errors="replace")
    if "\0" in text[:200]:
        return False
    first = text.lstrip().split("\n", 1)[0]
    return _HEAD.match(first) is not None or any(
        _SAYS_VALUE.search(line) and _TIME.search(line) for line in text.split("\n")[:2000]
    )


_BEGINNINGS: Final = (
    "Notification received from", "Indication received from", "Read Response received from",
    "Updated Value of Characteristic",
)  # fmt: skip


class _Log:
    """What has been read so far of a log: the day, whose lines these are, and the notifications."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone, self.day, self.dated = zone, NO_DATE, False
        self.previous: time | None = None
        self.addresses: dict[str, str] = {}
        self.device = ""
        self.names: dict[str, str] = {}
        self.found: list[RawNotification] = []
        self.broken: list[Fault] = []

    def take(self, number: int, line: str) -> None:
        head = _HEAD.match(line)
        if head is not None:
            self._new_day(head[1])
            return
        device = _DEVICE.match(line)
        if device is not None and not _TIME.search(line):
            self._of(device[2])
            self.names.setdefault(self.device, device[1])
            return
        at = _TIME.search(line)
        if at is None:
            return
        connected = _CONNECTED.search(line)
        if connected is not None:
            self._of(connected[1])
        try:
            self._value(line, self._clock(at))
        except (ValueError, OverflowError) as error:
            self.broken.append(Fault(f"line {number}", f"{error}: {_quoted(line)}", lost=True))

    def _value(self, line: str, at: datetime) -> None:
        android, ios = _ANDROID.search(line), _IOS.search(line)
        said = android or ios
        if said is None:
            if _SAYS_VALUE.search(line):
                raise ValueError("no bytes")
            return
        digits = re.sub(r"[\s-]", "", said[2] or "")
        if len(digits) % 2 or not re.fullmatch(r"[0-9A-Fa-f]*", digits):
            raise ValueError("not whole bytes in hexadecimal")
        if not self.device:
            self._of("")
        self.found.append(RawNotification(self.device, short_uuid(said[1]), at, bytes.fromhex(digits)))

    def _of(self, address: str) -> None:
        self.device = self.addresses.setdefault(address.lower(), f"pod-{len(self.addresses) + 1}")

    def _new_day(self, text: str | None) -> None:
        try:
            self.day, self.dated = (date.fromisoformat(text), True) if text else (self.day, self.dated)
        except ValueError:
            return
        self.previous = None

    def _clock(self, at: re.Match[str]) -> datetime:
        """Time of a line; a clock that goes back by more than half a day has passed midnight."""
        if at[1]:
            self._new_day(at[1])
        hour, minute, second = int(at[2]), int(at[3]), int(at[4])
        now = time(hour, minute, second, int(at[5][:6].ljust(6, "0")))
        if self.previous is not None and now.hour + 12 < self.previous.hour + (now < self.previous):
            self.day += timedelta(days=1)
        self.previous = now
        return datetime.combine(self.day, now, self.zone).astimezone(UTC)


def _quoted(line: str) -> str:
    """Beginning of a line as it may be shown: an address names a person's device."""
    return repr(_ADDRESS.sub("XX:XX:XX:XX:XX:XX", line)[:80])


def _may_say_value(unfinished: str) -> bool:
    """Whether the rest of a line that was cut off may have been a value."""
    at = _TIME.search(unfinished)
    if at is None:
        return True
    message = unfinished[at.end() :].lstrip("] \t,").removeprefix("Normal:").lstrip()
    return any(beginning.startswith(message[: len(beginning)]) for beginning in _BEGINNINGS)


def open_nrf_log(path: Path, *, zone: tzinfo = UTC, start_utc: datetime | None = None) -> OpenRecording:
    """Open a log; yields one ``RawNotification`` a notification, indication or answer to a read.

    ``zone`` is that of the phone's clock. A log without a date begins at ``start_utc`` (its first notification);
    without that its ``info.start_utc`` is None and its times count from 1970. RecordingError if it holds no value.
    """
    text = read_whole(path).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    whole, _, unfinished = text.rpartition("\n")
    log = _Log(zone)
    lines = whole.split("\n")
    for number, line in enumerate(lines, start=1):
        log.take(number, line)
    faults = log.broken[:FAULTS_NAMED]
    if n_more := len(log.broken) - len(faults):
        faults.append(Fault(log.broken[-1].place, f"and {n_more} more lines like these", lost=True))
    if unfinished.strip():
        problem = "the last line has no line end and may be cut off, so it is not used"
        faults.append(Fault(f"line {len(lines) + 1}", problem, lost=_may_say_value(unfinished)))
    if not log.found:
        place, problem = (faults[0].place, faults[0].problem) if faults else ("end of file", "it shows no value")
        mend = "export the log of a connection in which notifications were switched on"
        raise RecordingError(str(path), place, f"no notification could be read: {problem}", mend)
    found = log.found
    if not log.dated and start_utc is not None:
        shift = start_utc - found[0].arrival_utc
        found = [RawNotification(r.device, r.characteristic, r.arrival_utc + shift, r.payload) for r in found]
    recording = opened(KIND, path, found, faults)
    recording.info.names = {d: name for d, name in log.names.items() if name} | recording.info.names
    recording.info.unnamed = tuple(pod for address, pod in log.addresses.items() if not address)
    if not log.dated and start_utc is None:
        recording.info.start_utc = None
    return recording
