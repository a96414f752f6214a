"""REST of diary and guidelines: what is said now, the plan, the diary. Health data, by category."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends

from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.guide_answers import (
    DiaryAnswer,
    GuidanceAnswer,
    SaidAnswer,
    UndoLineRequest,
    WeekPlanAnswer,
)
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_history import BY, REFUSED, of_part, zone_of
from sensor_hub.adapters.web.said_bodies import SaidBodies, said_of
from sensor_hub.adapters.web.writing import shoe_names, writes_json

HEALTH: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": Problem, "description": "No such thing."},
    403: {"model": Problem, "description": "Whoever asks may not see this."},
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


def guide_router() -> APIRouter:
    """Return the routes of diary and guidelines under ``/api/athletes``."""
    router = APIRouter(prefix="/api/athletes/{athlete}", tags=["guidelines"], responses=ASKED)
    both = needs("see-pain", "see-medication", about="athlete")  # what is said rests on either
    reads: dict[str, Any] = {"responses": HEALTH, "dependencies": [both]}
    reads_diary: dict[str, Any] = {"responses": HEALTH, "dependencies": [needs("see-pain", about="athlete")]}
    writes: dict[str, Any] = {
        "responses": REFUSED, "dependencies": [needs("write-diary", about="athlete"), Depends(writes_json)],
    }  # fmt: skip

    @router.get("/guidance", summary="Everything the guidelines say now", operation_id="guidance", **reads)
    def guidance(athlete: str, at: Asked) -> GuidanceAnswer:
        zone_of(at.view, athlete)
        return GuidanceAnswer.of(of_part(at.writing.guide).guidance(athlete))

    @router.get(
        "/plan",
        summary="What today and this week leave, and a next week that keeps every rule",
        operation_id="week_plan",
        **reads,
    )
    def week_plan(athlete: str, at: Asked) -> WeekPlanAnswer:
        zone_of(at.view, athlete)
        return WeekPlanAnswer.of(of_part(at.writing.guide).week_plan(athlete))

    @router.get("/diary", summary="Every line of the diary, and what was set", operation_id="diary", **reads_diary)
    def diary(athlete: str, at: Asked) -> DiaryAnswer:
        zone, guide = zone_of(at.view, athlete), of_part(at.writing.guide)
        shoes = shoe_names(at.writing, athlete)
        return DiaryAnswer.of(guide.diary(athlete), guide.settings(athlete), guide.consents(athlete), zone, shoes)

    @router.post("/diary", summary="Write a line or several, all or none", operation_id="say", **writes)
    def say(athlete: str, at: Asked, body: Annotated[SaidBodies, Body(openapi_examples=_EXAMPLES)]) -> SaidAnswer:
        zone_of(at.view, athlete)
        return SaidAnswer.of(of_part(at.writing.guide).say(athlete, [said_of(line) for line in body], by=BY))

    @router.post("/diary/undo", summary="Take a line back, or say an undone one again", operation_id="unsay", **writes)
    def unsay(athlete: str, at: Asked, body: UndoLineRequest) -> SaidAnswer:
        zone_of(at.view, athlete)
        return SaidAnswer.of(of_part(at.writing.guide).take_back(athlete, by=BY, entry=body.entry))

    return router
