"""REST of a kept history: what counts and why, edits, undo, the journal."""

from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Body, Depends

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.edit_bodies import EditBodies, Making
from sensor_hub.adapters.web.history_answers import (
    EntryAnswer,
    HistoryAnswer,
    OutcomeAnswer,
    UndoRequest,
    journal_of,
)
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rights import NotKnown
from sensor_hub.adapters.web.writing import writes_json
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import HubView

BY: Final = "api"
T = TypeVar("T")
NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Problem, "description": "No such thing."}}
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    **NOT_FOUND,
    403: {"model": Problem, "description": "Whoever asks may not change this, or not from there."},
    400: {"model": Problem, "description": "A body that cannot be read at all."},
    409: {"model": Problem, "description": "It cannot be; nothing has changed."},
    413: {"model": Problem, "description": "The body is too large."},
    415: {"model": Problem, "description": "Not sent as JSON."},
}
_EXAMPLES: Final = {
    "by hand": {
        "summary": "A run nobody recorded",
        "value": {"kind": "add-run", "on": "2026-11-20", "distance_m": 8200, "duration_s": 2730, "effort": 4},
    },
    "trim": {
        "summary": "Keep a part",
        "value": {"kind": "trim", "sid": "01kaeh7q6nv0", "to_utc": "2026-11-20T07:10:00Z"},
    },
    "same run": {"summary": "Two sources of one run", "value": {"kind": "link", "sids": ["01kaeh7q", "01kaeh9z"]}},
    "several": {
        "summary": "All or none of them",
        "value": [
            {"kind": "delete", "sid": "01kaeh7q6nv0"},
            {"kind": "mark-days", "first": "2026-11-10", "last": "2026-11-19", "mark": "rested"},
        ],
    },
}


def zone_of(view: HubView, athlete: str) -> str:
    """An athlete's zone; NotKnown if nobody knows them, or the asker may not."""
    found = view.athlete(athlete)
    if found is None:
        raise NotKnown(labels.no_athlete(athlete))
    return found.tile.athlete.zone


def of_part(part: T | None) -> T:
    """Return a part of the hub as the asker sees it; a router is there only where its part is."""
    if part is None:
        raise ValueError("this hub does not have that part")
    return part


def history_router() -> APIRouter:
    """Return the routes of histories under ``/api/athletes``."""
    router = APIRouter(prefix="/api/athletes/{athlete}", tags=["history"], responses=ASKED)
    reads: dict[str, Any] = {"responses": NOT_FOUND, "dependencies": [needs("see-load", about="athlete")]}
    writes: dict[str, Any] = {
        "responses": REFUSED, "dependencies": [needs("edit-history", about="athlete"), Depends(writes_json)],
    }  # fmt: skip

    def history_of(at: Asked, athlete: str) -> HistoryView:
        zone_of(at.view, athlete)
        return of_part(at.writing.keeping).history(athlete)

    @router.get(
        "/history",
        summary="All sessions with their standing, and what nobody answered yet",
        operation_id="history",
        **reads,
    )
    def history(athlete: str, at: Asked) -> HistoryAnswer:
        return HistoryAnswer.of(history_of(at, athlete))

    @router.get("/journal", summary="Every edit, newest first", operation_id="journal", **reads)
    def journal(athlete: str, at: Asked) -> list[EntryAnswer]:
        return journal_of(history_of(at, athlete))

    @router.post("/edits", summary="Make one edit or several, all or none", operation_id="edit", **writes)
    def edit(athlete: str, at: Asked, body: Annotated[EditBodies, Body(openapi_examples=_EXAMPLES)]) -> OutcomeAnswer:
        making = Making(zone_of(at.view, athlete), at.writing.new_sid)
        keeping = of_part(at.writing.keeping)
        return OutcomeAnswer.of(keeping.edit(athlete, [one.edit(making) for one in body], by=BY))

    @router.post("/undo", summary="Take an edit back, or do an undone one again", operation_id="undo", **writes)
    def undo(athlete: str, at: Asked, body: UndoRequest) -> OutcomeAnswer:
        zone_of(at.view, athlete)
        return OutcomeAnswer.of(of_part(at.writing.keeping).undo(athlete, by=BY, entry=body.entry))

    return router
