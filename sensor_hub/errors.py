"""The whole exception tree on one screen.

Who catches what: ``DecodeError`` in ``session`` and in the hub's ingest (it becomes a ``DecodeFailed`` event or a
dead letter); ``SensorHubError`` at the command line, which prints it and leaves with exit code 2. Programmer errors
are ``ValueError`` and are caught nowhere.
"""


class SensorHubError(Exception):
    """Base of every error this package raises on purpose; its text is meant for a person."""


class DecodeError(SensorHubError):
    """A payload breaks its wire format; the payload rides along for the log."""

    def __init__(self, wire_format: str, problem: str, payload: bytes) -> None:
        super().__init__(f"{wire_format}: {problem} in {payload[:64].hex(' ')!r}")
        self.wire_format, self.problem, self.payload = wire_format, problem, payload


class RecordingError(SensorHubError):
    """A file cannot be read at all; names the file, the place and the mend."""

    def __init__(self, path: str, place: str, problem: str, mend: str = "") -> None:
        super().__init__(f"{path}: {place}: {problem}" + (f" ({mend})" if mend else ""))
        self.path, self.place, self.problem, self.mend = path, place, problem, mend


class NoActivityError(RecordingError):
    """A file is whole and of a known format, and holds no activity: a watch's settings, a night's sleep, a workout."""


class UnknownFormatError(RecordingError):
    """A file is none of the formats we read: in a folder of everything it is no recording, and no fault."""


class ProfileError(SensorHubError):
    """A firmware profile or column map says something that cannot be."""


class RegistryError(SensorHubError):
    """The registry refuses: unknown athlete, name taken, unknown time zone."""


class EditError(SensorHubError):
    """An edit of the history cannot be: no such session, a time outside it, sessions that overlap; nothing changed."""


class ExerciseError(SensorHubError):
    """A recording cannot tell of an exercise; the message says why, and what would."""


class StoreError(SensorHubError):
    """The time-series store cannot be opened, read or written."""


class BrokerError(SensorHubError):
    """The MQTT broker cannot be reached or refuses us."""


class BluetoothError(SensorHubError):
    """Bluetooth is not there, or a sensor cannot be found, connected or paired; says what to do."""


class AccessError(SensorHubError):
    """Something about accounts cannot be: a name taken, a password too easy, the last admin removed."""


class SignInRefused(AccessError):  # noqa: N818 (it is no fault of anybody's program)
    """Name and password do not let in; ``retry_after_s`` is how long to wait before they may be tried again, or 0."""

    def __init__(self, problem: str, retry_after_s: float = 0.0) -> None:
        super().__init__(problem)
        self.retry_after_s = retry_after_s


class WorkerError(SensorHubError):
    """Whoever was to compute something was lost over it. ``is_over``: with all others, and nothing more comes."""

    def __init__(self, problem: str, *, is_over: bool) -> None:
        super().__init__(problem)
        self.is_over = is_over


class EdgeError(SensorHubError):
    """An edge does not answer, or refuses what it was asked; says what to do."""


class NotifyError(SensorHubError):
    """Nobody can be told there. Never shows the address: it holds a secret."""


class ConfigError(SensorHubError):
    """A setting from the environment, a file or the command line is unusable."""


__all__ = [
    "AccessError",
    "BluetoothError",
    "BrokerError",
    "ConfigError",
    "DecodeError",
    "EdgeError",
    "EditError",
    "ExerciseError",
    "NoActivityError",
    "NotifyError",
    "ProfileError",
    "RecordingError",
    "RegistryError",
    "SensorHubError",
    "SignInRefused",
    "StoreError",
    "UnknownFormatError",
    "WorkerError",
]
