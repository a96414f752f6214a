"""REST of marks on findings: seen, not now, and taken back."""

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.answers import FindingAnswer
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, finding_of, needs
from sensor_hub.adapters.web.rest_history import BY, REFUSED, of_part
from sensor_hub.adapters.web.rights import NotKnown
from sensor_hub.adapters.web.writing import has_own_header, writes_json
from sensor_hub.model.mark import Snooze, snoozed_until


class SnoozeBody(BaseModel):
    """How long somebody wants to be left alone with a finding."""

    model_config = ConfigDict(extra="forbid")

    until: Snooze = Field(
        description="morning: 07:00 tomorrow; 3-days: 07:00 in three days; week-over: when the athlete's week ends. "
        "All in the athlete's time zone."
    )


def marks_router() -> APIRouter:
    """Return the routes of marks under ``/api/findings``."""
    router = APIRouter(prefix="/api/findings/{finding}", tags=["findings"], responses=ASKED)
    needed = needs("mark-findings", about="finding")
    bare: dict[str, Any] = {"responses": REFUSED, "dependencies": [needed, Depends(has_own_header)]}
    with_body: dict[str, Any] = {"responses": REFUSED, "dependencies": [needed, Depends(writes_json)]}

    @router.post(
        "/acknowledge",
        summary="Say that it was seen; a rise of its level makes it news again",
        operation_id="acknowledge_finding",
        **bare,
    )
    def acknowledge(finding: str, at: Asked) -> FindingAnswer:
        found = finding_of(at.view, at.rights, finding)
        return FindingAnswer.of(found, of_part(at.writing.marks).acknowledge(found, by=BY))

    @router.post("/snooze", summary="Have it shown quietly for a while", operation_id="snooze_finding", **with_body)
    def snooze(finding: str, at: Asked, body: SnoozeBody) -> FindingAnswer:
        found = finding_of(at.view, at.rights, finding)
        view = at.view.athlete(found.athlete)
        if view is None:
            raise NotKnown(finding)
        who = view.tile.athlete
        until_utc = snoozed_until(body.until, at.writing.now_utc(), who.zone, who.week_start)
        return FindingAnswer.of(found, of_part(at.writing.marks).snooze(found, until_utc, by=BY))

    @router.post("/unmark", summary="Take the mark back", operation_id="unmark_finding", **bare)
    def unmark(finding: str, at: Asked) -> FindingAnswer:
        found = finding_of(at.view, at.rights, finding)
        of_part(at.writing.marks).unmark(found, by=BY)
        return FindingAnswer.of(found)

    return router
