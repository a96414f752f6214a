"""Who may change something over the web, and with what; reading needs none of this.

There is no sign-in, so by default only this machine may write: the peer of the connection must be a loopback address,
and the request must not say that a proxy passed it on. A page of somebody else in this machine's own browser is a
loopback peer too; against it stand the guard (its Origin is foreign) and two things that no plain form can send: the
content type ``application/json``, and, where the body is a file or there is none, a header of our own.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import Scope

from sensor_hub.adapters.web.jobs import Jobs
from sensor_hub.model.edit import SourceKind
from sensor_hub.model.ports import Guide, Keeping, PersonData, Roster, RuleBook
from sensor_hub.model.session import SessionSummary
from sensor_hub.words import translate as _

OWN_HEADER: Final = "x-sensor-hub"
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def _no_sid(_start_utc: datetime) -> str:
    raise ValueError("nobody said how to make session ids")


def _now_utc() -> datetime:
    return datetime.now(UTC)


def _by_its_source(session: SessionSummary) -> SourceKind:
    return "by-hand" if session.source == "by-hand" else "sensor"


@dataclass(frozen=True, slots=True)
class WriteSide:
    """What the pages and REST write with; a part that is None is not offered.

    anyone : whether clients on other machines may write too, and read what is health data: a diary and what is said of
    it. rules : which rules there are, for everybody. new_sid : makes the id of a session that starts then.
    source_kind : says where a session comes from. now_utc : the clock of what is said of now.
    """

    keeping: Keeping | None = None
    data: PersonData | None = None
    roster: Roster | None = None
    guide: Guide | None = None
    rules: RuleBook | None = None
    anyone: bool = False
    new_sid: Callable[[datetime], str] = _no_sid
    source_kind: Callable[[SessionSummary], SourceKind] = _by_its_source
    now_utc: Callable[[], datetime] = _now_utc
    jobs: Jobs = field(default_factory=Jobs)

    def refusal(self, scope: Scope) -> str | None:
        """Why this client may not write, a sentence; None if it may."""
        if self.anyone or is_this_machine(scope):
            return None
        return elsewhere()


def shoe_names(writing: WriteSide, athlete: str) -> dict[str, str]:
    """Return names of an athlete's pairs by id; none where nobody keeps them."""
    return {} if writing.data is None else {shoe.id: shoe.name for shoe in writing.data.shoes(athlete)}


def elsewhere() -> str:
    """Why another machine may not write."""
    return _(
        "Changes are taken from the machine the hub runs on only, because there is no sign-in yet. The setting "
        'web_edits = "anyone" (SENSOR_HUB_WEB_EDITS) takes them from whoever reaches the page.'
    )


def health_elsewhere() -> str:
    """Why another machine is told nothing of a diary."""
    return _(
        "A diary and what is said of it are health data: they are told to the machine the hub runs on only, because "
        'there is no sign-in yet. The setting web_edits = "anyone" (SENSOR_HUB_WEB_EDITS) tells them to whoever '
        "reaches the page."
    )


def is_this_machine(scope: Scope) -> bool:
    """Whether a connection comes from this very machine and was not passed on by a proxy."""
    client = scope.get("client")
    if client is None:
        return False
    headers = Headers(scope=scope)
    if any(name in headers for name in _PASSED_ON):
        return False
    try:
        address = ipaddress.ip_address(str(client[0]).partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


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
