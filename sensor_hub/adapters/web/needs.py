"""What each route and each page needs: declared beside it, checked before it, and walked by a test."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import Depends, Request

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.rights import NotKnown, Rights
from sensor_hub.adapters.web.seen import HUB, SIDE, Seen, rights_of
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.access import Action
from sensor_hub.model.finding import Finding
from sensor_hub.model.ports import HubView
from sensor_hub.model.session import SessionSummary

About: TypeAlias = Literal["hub", "athlete", "session", "finding", "job", "signed-in", "anyone"]


@dataclass(frozen=True, slots=True)
class Need:
    """Actions of which all are needed, about the hub or about the athlete, session, finding or job that the path names.

    "signed-in" : whoever is somebody. "anyone" : also who has not signed in.
    """

    actions: tuple[Action, ...] = ()
    about: About = "hub"

    def __call__(self, request: Request) -> None:
        """Raise Forbidden or NotKnown unless whoever asks may."""
        match self.about:
            case "anyone" | "signed-in":  # who has not signed in did not come this far
                return
            case "hub":
                rights_of(request).demand(*self.actions)
            case "athlete" | "session" | "finding" | "job":
                rights_of(request).demand(*self.actions, athlete=self.athlete(request))

    def athlete(self, request: Request) -> str:
        """Return whom it is about, by pseudonym; NotKnown alike of nobody and of somebody who is none of theirs."""
        rights, path = rights_of(request), request.path_params
        if self.about == "athlete":
            return rights.person(path["athlete"]).id
        writing: WriteSide = request.scope[SIDE]
        if self.about == "job":
            job = writing.jobs.job(path["job"])
            if job is None or not rights.knows(job.athlete):
                raise NotKnown(labels.no_job(path["job"]))
            return job.athlete
        if self.about == "finding":
            return finding_of(request.scope[HUB], rights, path["finding"]).athlete
        session = session_of(request.scope[HUB], writing, path["sid"])
        if session is not None:
            who = _owner(request.scope[HUB], session)
            if rights.knows(who):
                return who
        raise NotKnown(labels.no_session(path["sid"]))


def finding_of(view: HubView, rights: Rights, finding: str) -> Finding:
    """Return a finding that stands; NotKnown alike of none and of one about somebody the asker may not know of."""
    found = next((one for one in view.findings() if one.id == finding), None)
    if found is None or not rights.knows(found.athlete):
        raise NotKnown(labels.no_finding(finding))
    return found


def session_of(view: HubView, writing: WriteSide, sid: str) -> SessionSummary | None:
    """Return a session as its runner keeps it."""
    kept = None if writing.keeping is None else writing.keeping.kept(sid)
    return view.session(sid) if kept is None else kept.summary


def _owner(view: HubView, session: SessionSummary) -> str:
    found = view.person(session.header.athlete)
    return session.header.athlete if found is None else found.id


def needs(*actions: Action, about: About = "hub") -> Any:
    """Return the dependency of a route that needs these rights."""
    return Depends(Need(actions, about))


def anyone() -> Any:
    """Return the dependency of a route that answers everybody."""
    return Depends(Need(about="anyone"))


def signed_in() -> Any:
    """Return the dependency of a route that answers everybody who has signed in, and tells nothing of anybody."""
    return Depends(Need(about="signed-in"))


def _seen(request: Request) -> Seen:
    return Seen.by(rights_of(request), request.scope[HUB], request.scope[SIDE])


Asked: TypeAlias = Annotated[Seen, Depends(_seen)]
"""The hub as whoever asks may see it."""

REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": Problem, "description": "Nobody has signed in, and no token was sent."},
    403: {"model": Problem, "description": "Whoever asks may not do this, or not from there."},
    421: {"model": Problem, "description": "Asked under a foreign name, or by a foreign page."},
}
"""What every route may answer besides its own."""
