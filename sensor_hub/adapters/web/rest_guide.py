"""REST of diary and guidelines: what is said now, the plan, the diary. Health data: for this machine."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, HTTPException, Request

from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.guide_answers import (
    DiaryAnswer,
    GuidanceAnswer,
    SaidAnswer,
    UndoLineRequest,
    WeekPlanAnswer,
)
from sensor_hub.adapters.web.rest_history import BY, REFUSED, zone_of
from sensor_hub.adapters.web.said_bodies import SaidBodies, said_of
from sensor_hub.adapters.web.writing import WriteSide, health_elsewhere, shoe_names, writes_json
from sensor_hub.model.ports import Guide, HubView

HEALTH: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": Problem, "description": "No such thing."},
    403: {"model": Problem, "description": "Health data is not told to other machines."},
}
_EXAMPLES: Final = {
    "a morning": {
        "summary": "How it is on getting up",
        "value": {"kind": "pain", "at_utc": "2026-11-21T06:30:00Z", "when": "morning", "level": 2.5, "side": "L"},
    },
    "symptoms": {
        "summary": "What is noticed, and what is not",
        "value": {"kind": "symptoms", "at_utc": "2026-11-21T06:30:00Z", "present": ["swelling"], "absent": ["pop"]},
    },
    "a plan": {
        "summary": "Begin a plan",
        "value": {"kind": "start-plan", "plan": "return-to-running", "day": "2026-11-21", "side": "L"},
    },
    "several": {
        "summary": "All or none of them",
        "value": [{"kind": "set-policy", "policy": "strict"}, {"kind": "consent", "category": "pain", "granted": True}],
    },
}


def guide_router(view: HubView, writing: WriteSide, guide: Guide) -> APIRouter:
    """Return the routes of diary and guidelines under ``/api/athletes``."""

    def may_read(request: Request) -> None:
        if writing.refusal(request.scope) is not None:
            raise HTTPException(403, health_elsewhere())

    def may_write(request: Request) -> None:
        refusal = writing.refusal(request.scope)
        if refusal is not None:
            raise HTTPException(403, refusal)

    router = APIRouter(prefix="/api/athletes/{athlete}", tags=["guidelines"])
    reads: dict[str, Any] = {"responses": HEALTH, "dependencies": [Depends(may_read)]}
    writes: dict[str, Any] = {"responses": REFUSED, "dependencies": [Depends(may_write), Depends(writes_json)]}

    @router.get("/guidance", summary="Everything the guidelines say now", operation_id="guidance", **reads)
    def guidance(athlete: str) -> GuidanceAnswer:
        zone_of(view, athlete)
        return GuidanceAnswer.of(guide.guidance(athlete))

    @router.get(
        "/plan",
        summary="What today and this week leave, and a next week that keeps every rule",
        operation_id="week_plan",
        **reads,
    )
    def week_plan(athlete: str) -> WeekPlanAnswer:
        zone_of(view, athlete)
        return WeekPlanAnswer.of(guide.week_plan(athlete))

    @router.get("/diary", summary="Every line of the diary, and what was set", operation_id="diary", **reads)
    def diary(athlete: str) -> DiaryAnswer:
        zone = zone_of(view, athlete)
        shoes = shoe_names(writing, athlete)
        return DiaryAnswer.of(guide.diary(athlete), guide.settings(athlete), guide.consents(athlete), zone, shoes)

    @router.post("/diary", summary="Write a line or several, all or none", operation_id="say", **writes)
    def say(athlete: str, body: Annotated[SaidBodies, Body(openapi_examples=_EXAMPLES)]) -> SaidAnswer:
        zone_of(view, athlete)
        return SaidAnswer.of(guide.say(athlete, [said_of(line) for line in body], by=BY))

    @router.post("/diary/undo", summary="Take a line back, or say an undone one again", operation_id="unsay", **writes)
    def unsay(athlete: str, body: UndoLineRequest) -> SaidAnswer:
        zone_of(view, athlete)
        return SaidAnswer.of(guide.take_back(athlete, by=BY, entry=body.entry))

    return router
