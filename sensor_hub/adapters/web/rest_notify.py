"""REST of who is told: a runner's own, and a coach's own. An address goes in, and never comes out again."""

from datetime import datetime, time
from typing import Any, Final, Self

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import notify_labels
from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.asking import is_private
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_history import of_part
from sensor_hub.adapters.web.rights import NotKnown
from sensor_hub.adapters.web.seen import Seen, rights_of
from sensor_hub.adapters.web.writing import has_own_header, writes_json
from sensor_hub.errors import NotifyError
from sensor_hub.model.notifying import QUIET_FROM, QUIET_UNTIL, AddresseeView

_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "Nobody can be told there, or the service did not take it; says why."},
    503: {"model": Problem, "description": "The hub cannot be read."},
}
_NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Problem, "description": "No such address."}}


class AddresseeAnswer(BaseModel):
    """Who is told. Where to is a secret, and is not told."""

    id: str = Field(description="Id of the address.")
    label: str = Field(description="What it is called.")
    service: str = Field(description="By what, such as ntfy.")
    zone: str = Field(description="IANA time zone of the quiet hours.")
    quiet_from: time = Field(description="Begin of the quiet hours; the same as their end: there are none.")
    quiet_until: time = Field(description="End of the quiet hours.")
    numbers: bool = Field(description="Whether a message says loads and names.")
    last_sent_utc: datetime | None = Field(description="When a message went last, UTC; null: none has.")
    n_waiting: int = Field(description="Messages that wait.")
    problem: str | None = Field(description="Why the newest message did not go; null: it did, or none was.")

    @classmethod
    def of(cls, view: AddresseeView) -> Self:
        """Answer for an addressee."""
        one = view.addressee
        return cls(
            id=one.id, label=one.label, service=view.service, zone=one.zone, quiet_from=one.quiet_from,
            quiet_until=one.quiet_until, numbers=one.numbers, last_sent_utc=view.last_sent_utc,
            n_waiting=view.n_waiting, problem=view.problem,
        )  # fmt: skip


class NewAddresseeBody(BaseModel):
    """An address to add."""

    model_config = ConfigDict(extra="forbid")

    url: SecretStr = Field(min_length=1, max_length=2000, description="Where to, such as ntfys://ntfy.sh/some-topic.")
    label: str = Field(min_length=1, max_length=60, description="What to call it.")
    zone: str = Field(min_length=1, max_length=64, description="IANA time zone of the quiet hours.")
    quiet_from: time = Field(default=QUIET_FROM, description="Begin of the quiet hours, in that zone.")
    quiet_until: time = Field(default=QUIET_UNTIL, description="Their end; the same as the begin: none.")
    numbers: bool = Field(default=False, description="True: messages say loads and names.")


class TriedAnswer(BaseModel):
    """A test was handed over."""

    tried: bool = Field(description="True: the service took it.")


def sends_privately(request: Request) -> None:
    """Refuse a secret over a connection that anybody could read, and from a token, which must not outlive its end."""
    if not is_private(request.scope):
        raise HTTPException(403, labels.sent_in_the_clear())
    if rights_of(request).asker().via == "token":
        raise HTTPException(403, "a token adds no address, which would outlive it: sign in")


def notify_router() -> APIRouter:
    """Return the routes of who is told."""
    router = APIRouter(prefix="/api", tags=["notifications"], responses=ASKED)
    _of_athletes(router)
    _of_coaches(router)
    return router


def _of_athletes(router: APIRouter) -> None:
    own = needs("set-notifying", about="athlete")
    base = "/athletes/{athlete}/addressees"
    ends: dict[str, Any] = {"responses": {**_REFUSED, **_NOT_FOUND}, "dependencies": [own, Depends(has_own_header)]}

    @router.get(
        base, summary="Who is told of a runner", operation_id="addressees", responses=_NOT_FOUND, dependencies=[own]
    )
    def told(athlete: str, at: Asked) -> list[AddresseeAnswer]:
        return [AddresseeAnswer.of(one) for one in of_part(at.writing.addressees).of_athlete(athlete)]

    @router.post(
        base,
        summary="Add an address of a runner's own",
        operation_id="add_addressee",
        status_code=201,
        responses={**_REFUSED, **_NOT_FOUND},
        dependencies=[own, Depends(writes_json), Depends(has_own_header), Depends(sends_privately)],
    )
    def add(athlete: str, at: Asked, body: NewAddresseeBody) -> AddresseeAnswer:
        return AddresseeAnswer.of(_added(at, body, athlete=athlete))

    @router.delete(base + "/{addressee}", summary="Tell nobody there any more", operation_id="remove_addressee", **ends)
    def remove(athlete: str, addressee: str, at: Asked) -> list[AddresseeAnswer]:
        addressees = of_part(at.writing.addressees)
        _known(addressee, addressees.of_athlete(athlete))
        addressees.remove(addressee)
        return [AddresseeAnswer.of(one) for one in addressees.of_athlete(athlete)]

    @router.post(base + "/{addressee}/test", summary="Send a test", operation_id="try_addressee", **ends)
    def try_out(athlete: str, addressee: str, at: Asked) -> TriedAnswer:
        addressees = of_part(at.writing.addressees)
        _known(addressee, addressees.of_athlete(athlete))
        return _tried(at, addressee)


def _of_coaches(router: APIRouter) -> None:
    own = needs("own-account")
    base = "/account/addressees"
    ends: dict[str, Any] = {"responses": {**_REFUSED, **_NOT_FOUND}, "dependencies": [own, Depends(has_own_header)]}

    @router.get(base, summary="How a coach is told", operation_id="own_addressees", dependencies=[own])
    def told(at: Asked) -> list[AddresseeAnswer]:
        return [AddresseeAnswer.of(one) for one in of_part(at.writing.addressees).of_coach(_account(at))]

    @router.post(
        base,
        summary="Add an address of a coach's own",
        operation_id="add_own_addressee",
        status_code=201,
        responses=_REFUSED,
        dependencies=[own, Depends(writes_json), Depends(has_own_header), Depends(sends_privately)],
    )
    def add(at: Asked, body: NewAddresseeBody) -> AddresseeAnswer:
        return AddresseeAnswer.of(_added(at, body, account=_account(at)))

    @router.delete(base + "/{addressee}", summary="Tell them there no more", operation_id="remove_own", **ends)
    def remove(addressee: str, at: Asked) -> list[AddresseeAnswer]:
        addressees = of_part(at.writing.addressees)
        _known(addressee, addressees.of_coach(_account(at)))
        addressees.remove(addressee)
        return [AddresseeAnswer.of(one) for one in addressees.of_coach(_account(at))]

    @router.post(base + "/{addressee}/test", summary="Send a test to oneself", operation_id="try_own", **ends)
    def try_out(addressee: str, at: Asked) -> TriedAnswer:
        _known(addressee, of_part(at.writing.addressees).of_coach(_account(at)))
        return _tried(at, addressee)


def _account(at: Seen) -> str | None:
    return None if at.rights.account is None else at.rights.account.id


def _known(addressee: str, mine: list[AddresseeView]) -> None:
    if addressee not in {one.addressee.id for one in mine}:
        raise NotKnown(notify_labels.no_addressee())


def _added(
    at: Seen, body: NewAddresseeBody, *, athlete: str | None = None, account: str | None = None
) -> AddresseeView:  # fmt: skip
    try:
        return of_part(at.writing.addressees).add(
            body.url.get_secret_value(), body.label, body.zone, athlete=athlete, account=account,
            quiet_from=body.quiet_from.replace(tzinfo=None), quiet_until=body.quiet_until.replace(tzinfo=None),
            numbers=body.numbers,
        )  # fmt: skip
    except NotifyError as problem:
        raise HTTPException(409, str(problem)) from None


def _tried(at: Seen, addressee: str) -> TriedAnswer:
    try:
        of_part(at.writing.addressees).try_out(addressee)
    except NotifyError as problem:
        raise HTTPException(409, str(problem)) from None
    return TriedAnswer(tried=True)
