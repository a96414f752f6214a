"""REST: reading only, JSON only, the same numbers the pages show, of those whose numbers the asker may see."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import JSONResponse

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.answers import (
    AthletePage,
    FindingAnswer,
    HealthAnswer,
    HealthProblem,
    LoadAnswer,
    Problem,
    TileAnswer,
)
from sensor_hub.adapters.web.needs import REFUSED, Asked, anyone, needs, signed_in
from sensor_hub.adapters.web.rights import NotKnown
from sensor_hub.adapters.web.session_answers import SessionAnswer, StepsAnswer
from sensor_hub.adapters.web.timeline_answer import TimelineAnswer
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ports import AthleteView, HubView
from sensor_hub.model.session import SessionSummary

_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such thing."}}
_UNWELL: dict[int | str, dict[str, Any]] = {
    503: {"model": HealthProblem | Problem, "description": "Nothing is being taken in, or the hub cannot be read."}
}
_UNREADABLE: dict[int | str, dict[str, Any]] = {503: {"model": Problem, "description": "The hub cannot be read."}}
_Withdrawn = Annotated[bool, Query(description="Also those of the last 30 days that are no longer true.")]


def _athlete(view: HubView, athlete: str) -> AthleteView:
    found = view.athlete(athlete)
    if found is None:
        raise NotKnown(labels.no_athlete(athlete))
    return found


def _session(view: HubView, sid: str) -> SessionSummary:
    found = view.session(sid)
    if found is None:
        raise NotKnown(labels.no_session(sid))
    return found


def api_router() -> APIRouter:
    """Return the routes under ``/api``.

    The endpoints are plain functions, so FastAPI calls them in worker threads: the view must bear that.
    """
    router = APIRouter(prefix="/api", responses={**REFUSED, **_UNREADABLE})

    @router.get(
        "/health",
        summary="Whether the hub takes readings in and can be read; who has not signed in is told no more",
        operation_id="health",
        response_model=HealthAnswer,
        responses=_UNWELL,
        dependencies=[anyone()],
    )
    def health(at: Asked) -> HealthAnswer | JSONResponse:
        is_somebody = at.rights.asker().kind != "nobody"
        problem = at.view.trouble()
        if problem is not None:
            told = problem if is_somebody else None
            return JSONResponse(HealthProblem(status="trouble", problem=told).model_dump(), 503)
        if not is_somebody:
            return HealthAnswer(status="ok", n_athletes=None)
        return HealthAnswer(status="ok", n_athletes=len(at.view.tiles()))

    @router.get(
        "/athletes",
        summary="Every athlete the asker may know of, live, those who need attention first",
        operation_id="athletes",
        dependencies=[needs("see-grid")],
    )
    def athletes(at: Asked) -> list[TileAnswer]:
        return [TileAnswer.of(tile) for tile in at.view.tiles()]

    of_load: dict[str, Any] = {"responses": _NOT_FOUND, "dependencies": [needs("see-load", about="athlete")]}
    of_session: dict[str, Any] = {"responses": _NOT_FOUND, "dependencies": [needs("see-load", about="session")]}

    @router.get("/athletes/{athlete}", summary="One athlete", operation_id="athlete", **of_load)
    def athlete_(athlete: str, at: Asked) -> AthletePage:
        return AthletePage.of(_athlete(at.view, athlete))

    @router.get(
        "/athletes/{athlete}/sessions",
        summary="An athlete's sessions, newest first",
        operation_id="athlete_sessions",
        **of_load,
    )
    def sessions(athlete: str, at: Asked) -> list[SessionAnswer]:
        _athlete(at.view, athlete)
        return [SessionAnswer.of(summary) for summary in at.view.sessions(athlete)]

    @router.get(
        "/athletes/{athlete}/load",
        summary="Today, headroom, weeks and the last 30 days",
        operation_id="athlete_load",
        **of_load,
    )
    def load(athlete: str, at: Asked) -> LoadAnswer:
        return LoadAnswer.of(_athlete(at.view, athlete))

    @router.get("/sessions/{sid}", summary="One session", operation_id="session", **of_session)
    def session(sid: str, at: Asked) -> SessionAnswer:
        return SessionAnswer.of(_session(at.view, sid))

    @router.get(
        "/sessions/{sid}/timeline",
        summary="It over its time: columns of at most 720 even pieces, and where nothing is known",
        operation_id="timeline",
        **of_session,
    )
    def timeline(sid: str, at: Asked) -> TimelineAnswer:
        return TimelineAnswer.of(_session(at.view, sid), at.view.timeline(sid))

    @router.get("/sessions/{sid}/steps", summary="Its steps as columns", operation_id="steps", **of_session)
    def steps(sid: str, at: Asked) -> StepsAnswer:
        header = _session(at.view, sid).header
        return StepsAnswer.of(header, at.view.steps(sid), kept=not at.view.pruned(sid))

    @router.get(
        "/findings",
        summary="Findings about those whose load the asker may see, newest first",
        operation_id="findings",
        dependencies=[needs("see-grid")],
    )
    def findings(at: Asked, withdrawn: _Withdrawn = False) -> list[FindingAnswer]:
        found, kept = at.view.findings(withdrawn=withdrawn), at.writing.marks
        marks: dict[str, FindingMark] = {}
        if kept is not None:
            for athlete in {finding.athlete for finding in found}:
                with suppress(NotKnown):  # of whom only a gateway ever spoke: nobody can have marked theirs
                    marks |= kept.of(athlete)
        return [FindingAnswer.of(finding, marks.get(finding.id)) for finding in found]

    # Without this an unknown path under /api would fall through to the pages and answer with HTML.
    @router.get("/{path:path}", include_in_schema=False, dependencies=[signed_in()])
    def unknown(path: str) -> None:
        raise HTTPException(404, f"no resource /api/{path}; /api/openapi.json lists all")

    @router.api_route(
        "/{path:path}",
        methods=["POST", "PUT", "PATCH", "DELETE"],
        include_in_schema=False,
        dependencies=[signed_in()],
    )
    def written(path: str) -> None:
        raise HTTPException(405, f"/api/{path} can only be read; the command line writes", {"Allow": "GET"})

    return router
