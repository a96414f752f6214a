"""What pages and REST change things with, and what keeps a foreign page from having them changed.

A page of somebody else in a signed-in browser is stopped by the guard (its Origin is foreign), by a cookie that no
other site's request carries, and by two things that no plain form can send: the content type ``application/json``,
and, where the body is a file or there is none, a header of our own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from fastapi import HTTPException, Request

from sensor_hub.adapters.web.jobs import Jobs
from sensor_hub.model.edit import SourceKind
from sensor_hub.model.ports import (
    Addressees,
    Guide,
    Keeping,
    Marks,
    Newcomers,
    PersonData,
    Roster,
    RuleBook,
    Sensors,
    Squads,
)
from sensor_hub.model.session import SessionSummary

OWN_HEADER: Final = "x-sensor-hub"


def _no_sid(_start_utc: datetime) -> str:
    raise ValueError("nobody said how to make session ids")


def _now_utc() -> datetime:
    return datetime.now(UTC)


def _by_its_source(session: SessionSummary) -> SourceKind:
    return "by-hand" if session.source == "by-hand" else "sensor"


@dataclass(frozen=True, slots=True)
class WriteSide:
    """What the pages and REST write with; a part that is None is not offered.

    rules : which rules there are, for everybody. new_sid : makes the id of a session that starts then.
    source_kind : says where a session comes from. now_utc : the clock of what is said of now.
    """

    keeping: Keeping | None = None
    data: PersonData | None = None
    roster: Roster | None = None
    guide: Guide | None = None
    rules: RuleBook | None = None
    squads: Squads | None = None
    marks: Marks | None = None
    sensors: Sensors | None = None
    newcomers: Newcomers | None = None
    addressees: Addressees | None = None
    new_sid: Callable[[datetime], str] = _no_sid
    source_kind: Callable[[SessionSummary], SourceKind] = _by_its_source
    now_utc: Callable[[], datetime] = _now_utc
    jobs: Jobs = field(default_factory=Jobs)


def shoe_names(writing: WriteSide, athlete: str) -> dict[str, str]:
    """Return names of an athlete's pairs by id; none where nobody keeps them."""
    return {} if writing.data is None else {shoe.id: shoe.name for shoe in writing.data.shoes(athlete)}


def writes_json(request: Request) -> None:
    """Refuse a body that a plain form of a foreign page could have sent."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send JSON, with the header Content-Type: application/json")


def has_own_header(request: Request) -> None:
    """Refuse a request that a plain form or link of a foreign page could have sent."""
    if OWN_HEADER not in request.headers:
        raise HTTPException(403, "send the header X-Sensor-Hub: 1, which no form of a foreign page can")


def is_not_cross_site(request: Request) -> None:
    """Refuse a download that a foreign page set off in this machine's browser."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise HTTPException(403, "a page of another site asked for this; open the hub's own page")
