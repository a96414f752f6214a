"""REST of a kept history: what counts and why, edits, undo, the journal."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, HTTPException, Request

from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.edit_bodies import EditBodies, Making
from sensor_hub.adapters.web.history_answers import (
    EntryAnswer,
    HistoryAnswer,
    OutcomeAnswer,
    UndoRequest,
    journal_of,
)
from sensor_hub.adapters.web.writing import WriteSide, writes_json
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import HubView, Keeping

BY: Final = "api"
NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Problem, "description": "No such thing."}}
REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    **NOT_FOUND,
    403: {"model": Problem, "description": "Changes are not taken from there."},
    409: {"model": Problem, "description": "It cannot be; nothing has changed."},
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
    """An athlete's zone; 404 if nobody knows them."""
    found = view.athlete(athlete)
    if found is None:
        raise HTTPException(404, f"no athlete {athlete!r}; GET /api/athletes lists all")
    return found.tile.athlete.zone


def history_router(view: HubView, writing: WriteSide, keeping: Keeping) -> APIRouter:
    """Return the routes of histories under ``/api/athletes``."""
    router = APIRouter(prefix="/api/athletes/{athlete}", tags=["history"])

    def may_write(request: Request) -> None:
        refusal = writing.refusal(request.scope)
        if refusal is not None:
            raise HTTPException(403, refusal)

    def history_of(athlete: str) -> HistoryView:
        zone_of(view, athlete)
        return keeping.history(athlete)

    @router.get(
        "/history",
        summary="All sessions with their standing, and what nobody answered yet",
        operation_id="history",
        responses=NOT_FOUND,
    )
    def history(athlete: str) -> HistoryAnswer:
        return HistoryAnswer.of(history_of(athlete))

    @router.get("/journal", summary="Every edit, newest first", operation_id="journal", responses=NOT_FOUND)
    def journal(athlete: str) -> list[EntryAnswer]:
        return journal_of(history_of(athlete))

    @router.post(
        "/edits",
        summary="Make one edit or several, all or none",
        operation_id="edit",
        responses=REFUSED,
        dependencies=[Depends(may_write), Depends(writes_json)],
    )
    def edit(athlete: str, body: Annotated[EditBodies, Body(openapi_examples=_EXAMPLES)]) -> OutcomeAnswer:
        making = Making(zone_of(view, athlete), writing.new_sid)
        return OutcomeAnswer.of(keeping.edit(athlete, [one.edit(making) for one in body], by=BY))

    @router.post(
        "/undo",
        summary="Take an edit back, or do an undone one again",
        operation_id="undo",
        responses=REFUSED,
        dependencies=[Depends(may_write), Depends(writes_json)],
    )
    def undo(athlete: str, body: UndoRequest) -> OutcomeAnswer:
        zone_of(view, athlete)
        return OutcomeAnswer.of(keeping.undo(athlete, by=BY, entry=body.entry))

    return router
