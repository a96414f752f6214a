"""What diary and guidelines say, as JSON values, with the sentences a person reads beside the facts."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from sensor_hub.app.guiding.wording import notice_reasons, notice_text
from sensor_hub.model.diary import SAID
from sensor_hub.model.edit import Entry, Undo
from sensor_hub.model.guidance import Guidance, Notice
from sensor_hub.model.ports import DiaryView, SaidOutcome
from sensor_hub.wire.edits import entry_body
from sensor_hub.words import finding_sentence
from sensor_hub.words.diary import said_sentence
from sensor_hub.words.translation import translate as _
from sensor_hub.words.verdicts import verdict_sentence


def body_of(value: Any) -> Any:
    """Return what stands in a dataclass of the guidance as JSON values; a notice has its sentence with it."""
    if isinstance(value, Notice):
        told = {f.name: body_of(getattr(value, f.name)) for f in fields(value)}
        return {**told, "sentence": notice_text(value), "why": notice_reasons(value)}
    if is_dataclass(value):
        return {f.name: body_of(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(body_of(one) for one in value)
    if isinstance(value, tuple | list):
        return [body_of(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): body_of(one) for key, one in value.items()}
    return value


def guidance_answer(guidance: Guidance) -> dict[str, Any]:
    """Return everything the guidelines say now."""
    told: dict[str, Any] = body_of(guidance)
    return {**told, "verdict": {**told["verdict"], "sentence": verdict_sentence(guidance.verdict)}}


def line_sentence(entry: Entry, lines: Mapping[str, Entry], zone: str, shoes: Mapping[str, str]) -> str:
    """Return a line of the diary as a sentence. lines : all of them by id, for what takes another back."""
    if isinstance(entry.edit, Undo):
        target = lines.get(entry.edit.entry)
        if target is None:
            return _("Took back a line that is not here any more.")
        if isinstance(target.edit, Undo):
            again = lines.get(target.edit.entry)
            what = "" if again is None else line_sentence(again, lines, zone, shoes)
            return _("Said again: {line}").format(line=what)
        return _("Took back: {line}").format(line=line_sentence(target, lines, zone, shoes))
    return said_sentence(entry.edit, zone, shoes) if isinstance(entry.edit, SAID) else ""


def diary_answer(view: DiaryView, zone: str, shoes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the lines of a diary as they are listed, each with its sentence and whether it was taken back."""
    lines = {entry.id: entry for entry in view.entries}
    return [
        {**entry_body(e), "undone": e.id in view.undone, "sentence": line_sentence(e, lines, zone, shoes)}
        for e in view.entries
    ]


def outcome_answer(outcome: SaidOutcome) -> dict[str, Any]:
    """Return what a line of the diary did."""
    return {
        "entries": [entry_body(entry) for entry in outcome.entries],
        "guidance": guidance_answer(outcome.guidance),
        "findings": [finding_sentence(finding) for finding in outcome.findings],
    }
