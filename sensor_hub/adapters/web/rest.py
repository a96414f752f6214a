"""REST: reading only, JSON only, the same numbers the pages show."""

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import JSONResponse

from sensor_hub.adapters.web.answers import (
    AthletePage,
    FindingAnswer,
    HealthAnswer,
    HealthProblem,
    LoadAnswer,
    Problem,
    TileAnswer,
)
from sensor_hub.adapters.web.session_answers import SessionAnswer, StepsAnswer
from sensor_hub.model.ports import AthleteView, HubView
from sensor_hub.model.session import SessionSummary

_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such thing."}}
_UNWELL: dict[int | str, dict[str, Any]] = {
    503: {"model": HealthProblem | Problem, "description": "Nothing is being taken in, or the hub cannot be read."}
}
_UNREADABLE: dict[int | str, dict[str, Any]] = {503: {"model": Problem, "description": "The hub cannot be read."}}


def _athlete(view: HubView, athlete: str) -> AthleteView:
    found = view.athlete(athlete)
    if found is None:
        raise HTTPException(404, f"no athlete {athlete!r}; GET /api/athletes lists all")
    return found


def _session(view: HubView, sid: str) -> SessionSummary:
    found = view.session(sid)
    if found is None:
        raise HTTPException(404, f"no session {sid!r}; GET /api/athletes/{{id}}/sessions lists an athlete's")
    return found


def api_router(view: HubView) -> APIRouter:
    """Return the routes under ``/api``.

    The endpoints are plain functions, so FastAPI calls them in worker threads: ``view`` must bear that.
    """
    router = APIRouter(prefix="/api", responses=_UNREADABLE)

    @router.get(
        "/health",
        summary="Whether the hub takes readings in and can be read",
        operation_id="health",
        response_model=HealthAnswer,
        responses=_UNWELL,
    )
    def health() -> HealthAnswer | JSONResponse:
        problem = view.trouble()
        if problem is not None:
            return JSONResponse(HealthProblem(status="trouble", problem=problem).model_dump(), 503)
        return HealthAnswer(status="ok", n_athletes=len(view.tiles()))

    @router.get("/athletes", summary="Every athlete, live, those who need attention first", operation_id="athletes")
    def athletes() -> list[TileAnswer]:
        return [TileAnswer.of(tile) for tile in view.tiles()]

    @router.get("/athletes/{athlete}", summary="One athlete", operation_id="athlete", responses=_NOT_FOUND)
    def athlete_(athlete: str) -> AthletePage:
        return AthletePage.of(_athlete(view, athlete))

    @router.get(
        "/athletes/{athlete}/sessions",
        summary="An athlete's sessions, newest first",
        operation_id="athlete_sessions",
        responses=_NOT_FOUND,
    )
    def sessions(athlete: str) -> list[SessionAnswer]:
        _athlete(view, athlete)
        return [SessionAnswer.of(summary) for summary in view.sessions(athlete)]

    @router.get(
        "/athletes/{athlete}/load",
        summary="Today, headroom, weeks and the last 30 days",
        operation_id="athlete_load",
        responses=_NOT_FOUND,
    )
    def load(athlete: str) -> LoadAnswer:
        return LoadAnswer.of(_athlete(view, athlete))

    @router.get("/sessions/{sid}", summary="One session", operation_id="session", responses=_NOT_FOUND)
    def session(sid: str) -> SessionAnswer:
        return SessionAnswer.of(_session(view, sid))

    @router.get("/sessions/{sid}/steps", summary="Its steps as columns", operation_id="steps", responses=_NOT_FOUND)
    def steps(sid: str) -> StepsAnswer:
        return StepsAnswer.of(_session(view, sid).header, view.steps(sid))

    @router.get("/findings", summary="All findings, newest first", operation_id="findings")
    def findings() -> list[FindingAnswer]:
        return [FindingAnswer.of(finding) for finding in view.findings()]

    # Without this an unknown path under /api would fall through to the pages and answer with HTML.
    @router.get("/{path:path}", include_in_schema=False)
    def unknown(path: str) -> None:
        raise HTTPException(404, f"no resource /api/{path}; /api/openapi.json lists all")

    @router.api_route("/{path:path}", methods=["POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def written(path: str) -> None:
        raise HTTPException(405, f"/api/{path} can only be read; the command line writes", {"Allow": "GET"})

    return router
