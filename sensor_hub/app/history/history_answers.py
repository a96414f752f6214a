"""A history as JSON values: sessions as they stand, what is asked, and what an edit did."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sensor_hub.app.analysis import session_answer
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.ports import Outcome
from sensor_hub.wire.edits import entry_body
from sensor_hub.words import finding_sentence
from sensor_hub.words.edits import Names, edit_sentence, entry_note
from sensor_hub.words.standings import finding_change, standing_sentence
from sensor_hub.words.wearing import NOBODY_NAMED


def kept_answer(kept: KeptSession, names: Names, sensors: Mapping[str, str] = NOBODY_NAMED) -> dict[str, Any]:
    """Return a session with what became of it; None is unknown. sensors : what people call them, by id."""
    told = kept.told
    return session_answer(kept.summary, sensors) | {
        "athlete": kept.summary.header.athlete,
        "standing": kept.standing,
        "instead": kept.instead,
        "because": kept.because,
        "standing_text": standing_sentence(kept, names),
        "shoe": told.shoe,
        "shoe_said": told.shoe_said,
        "effort": told.effort,
        "note": told.note,
        "pieces": [_moments(asdict(piece)) for piece in kept.pieces],
        "entries": list(kept.entries),
    }


def entry_answers(view: HistoryView, names: Names) -> list[dict[str, Any]]:
    """Return the journal, newest first, each entry with its sentence and whether it has an effect."""
    return [
        entry_body(entry)
        | {
            "sentence": edit_sentence(entry.edit, names),
            "undone": entry.id in view.undone,
            "idle": entry.id in view.idle,
            "state": entry_note(entry, view),
        }
        for entry in view.journal
    ]


def outcome_answer(outcome: Outcome, names: Names, before: Mapping[str, Finding]) -> dict[str, Any]:
    """Return what an edit did. before : findings as they stood, by key."""
    return {
        "entries": [entry_body(e) | {"sentence": edit_sentence(e.edit, names)} for e in outcome.entries],
        "sessions": [kept_answer(kept, names) for kept in outcome.sessions],
        "findings": [finding_answer(f, before) for f in outcome.findings],
    }


def finding_answer(finding: Finding, before: Mapping[str, Finding]) -> dict[str, Any]:
    """Return a finding with what an edit did to it: "new", "changed" or "withdrawn"."""
    told = {"id": finding.id, "change": finding_change(finding, before), "sentence": finding_sentence(finding)}
    return told | _moments(asdict(finding))


def _moments(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
