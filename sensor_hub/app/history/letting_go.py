"""Edits and steps that were let go of: what an edit needs stays, and what needs steps that are gone cannot be made."""

from collections.abc import Callable
from typing import Final

from sensor_hub.app.history.journal_view import Snapshot, sids_of
from sensor_hub.edits.made import Folded
from sensor_hub.model.edit import Change, Edit, Merge, Split, Trim

_OF_PARTS: Final = (Trim, Split, Merge)


def needs_steps(edit: Edit) -> bool:
    """Whether totals after an edit are computed from single steps."""
    return isinstance(edit, _OF_PARTS) or (isinstance(edit, Change) and edit.surface is not None)


def parts_of(now: Snapshot) -> frozenset[str]:
    """Return the sessions whose steps an entry of the journal needs, or would if it were done again."""
    named = (sid for entry in now.entries if needs_steps(entry.edit) for sid in sids_of(entry.edit))
    return frozenset[str]().union(*(now.about.get(sid, {sid}) for sid in named))


def why_not_without_steps(standing: Folded, edit: Edit, is_pruned: Callable[[str], bool]) -> str | None:
    """Return why an edit cannot be made of sessions whose steps were let go of; None where it can."""
    if not needs_steps(edit):
        return None
    made = (standing.of(sid) for sid in sids_of(edit))
    for piece in (piece for one in made if one is not None for piece in one.pieces):
        if is_pruned(piece.sid):
            return f"the single steps of session {piece.sid} are no longer kept, so no part of it can be computed again"
    return None
