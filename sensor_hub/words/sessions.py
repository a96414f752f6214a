"""What a session is called, how far and how long it was, where it comes from and how hard it felt."""

from typing import Final
from zoneinfo import ZoneInfo

from sensor_hub.model.edit import SourceKind
from sensor_hub.model.session import Ledger, SessionSummary
from sensor_hub.words.days import dated, moment_text
from sensor_hub.words.lengths import length_m, length_unit
from sensor_hub.words.numbers import UNKNOWN, clock
from sensor_hub.words.translation import translate as _

BY_HAND: Final = "by-hand"  # source of a session that nobody recorded
TIME_UNKNOWN: Final = "time-unknown"
DURATION_UNKNOWN: Final = "duration-unknown"


def ledger_word(ledger: Ledger) -> str:
    """What a session of a ledger is called."""
    return {"run": _("run"), "walk": _("walk"), "exercise": _("exercise"), "other": _("other sport")}[ledger]


def session_noun(ledger: Ledger) -> str:
    """What a session of a ledger is called in a sentence: the run, the walk, the session."""
    return _("session") if ledger == "other" else ledger_word(ledger)


def source_word(kind: SourceKind) -> str:
    """What a source is called."""
    return {"sensor": _("sensor"), "watch": _("watch"), "log": _("log"), "by-hand": _("by hand")}[kind]


def effort_text(effort: float | None) -> str:
    """How hard a session was: 4 of 10, somewhat hard; an en dash if nobody said."""
    if effort is None:
        return UNKNOWN
    words = [
        (0.5, _("rest")), (1.5, _("very easy")), (2.5, _("easy")), (3.5, _("moderate")), (4.5, _("somewhat hard")),
        (6.5, _("hard")), (9.5, _("very hard")),
    ]  # fmt: skip
    word = next((word for limit, word in words if effort < limit), _("maximal"))
    return _("{effort} of 10, {word}").format(effort=f"{effort:g}", word=word)


def session_moment(summary: SessionSummary, zone: str) -> str:
    """When a session began: Fri 20 Nov 2026 07:30; the day alone where nobody knows the time."""
    if TIME_UNKNOWN in summary.warnings:
        return dated(summary.start_utc.astimezone(ZoneInfo(zone)).date())
    return moment_text(summary.start_utc, zone)


def amount_text(distance_m: float | None, duration_s: float | None) -> str:
    """How far and how long: 8.20 km in 0:45:30; what is not known is said so."""
    if distance_m is None and duration_s is None:
        return _("distance and time not known")
    if distance_m is None:
        return _("{time}, distance not known").format(time=clock(duration_s))
    far = _("{distance} {unit}").format(distance=f"{distance_m / length_m():.2f}", unit=length_unit())
    if duration_s is None:
        return _("{distance}, time not known").format(distance=far)
    return _("{distance} in {time}").format(distance=far, time=clock(duration_s))


def session_amount(summary: SessionSummary) -> str:
    """How far and how long a session was."""
    known_s = None if DURATION_UNKNOWN in summary.warnings else summary.totals.duration_s
    return amount_text(summary.totals.distance_m, known_s)
