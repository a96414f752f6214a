"""REST of tonight's roster: whose each pod is, and taps that change it."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from fastapi import APIRouter, Body, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_history import REFUSED, of_part
from sensor_hub.adapters.web.writing import writes_json
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.roster import RosterPod, RosterView, Wish

_EXAMPLES: Final[dict[str, Any]] = {
    "bind": {"summary": "A pod for one evening", "value": {"kind": "bind", "device": "Pod 3", "athlete": "Ana"}},
    "swap": {"summary": "Two pods change people", "value": {"kind": "swap", "one": "Pod 3", "other": "Pod 4"}},
    "clear": {"summary": "All of them back in the box", "value": {"kind": "clear"}},
}


class PodAnswer(BaseModel):
    """A paired sensor, and whose it is now. Its address stays in the registry."""

    device: str = Field(description="Pseudonym of the sensor.")
    name: str = Field(description="What it is called.")
    athlete: str | None = Field(description="Pseudonym of whose it is now; null: nobody's.")
    athlete_name: str | None = Field(description="Their display name.")
    side: Side = Field(description="L, R or U.")
    mount: Mount | None = Field(description="Where it sits; null: as its profile says.")
    until_utc: datetime | None = Field(description="When tonight's line ends, UTC; null: the permanent binding holds.")
    owner: str | None = Field(description="Pseudonym of whose it is for good; null: it is of the box.")
    set_aside: bool = Field(description="True if its owner wears another one in its place tonight.")

    @classmethod
    def of(cls, pod: RosterPod) -> Self:
        """Answer for a sensor."""
        who, line = pod.athlete, pod.line
        return cls(
            device=pod.device.id, name=pod.device.name, athlete=None if who is None else who.id,
            athlete_name=None if who is None else who.display_name, side=pod.device.side, mount=pod.device.mount,
            until_utc=None if line is None else line.until_utc, owner=None if pod.owner is None else pod.owner.id,
            set_aside=pod.set_aside,
        )  # fmt: skip


class RosterAnswer(BaseModel):
    """Tonight's roster."""

    until_utc: datetime | None = Field(description="When the last line ends, UTC; null without any.")
    zone: str = Field(description="IANA time zone of the hub's machine.")
    pods: list[PodAnswer] = Field(description="Every paired sensor, by name.")

    @classmethod
    def of(cls, view: RosterView) -> Self:
        """Answer for a roster."""
        return cls(until_utc=view.until_utc, zone=view.zone, pods=[PodAnswer.of(pod) for pod in view.pods])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BindBody(_Body):
    """Give one pod to somebody."""

    kind: Literal["bind"] = Field(description="Give a pod to somebody.")
    device: str = Field(min_length=1, description="Sensor, by id or name.")
    athlete: str = Field(min_length=1, description="Person, by pseudonym or name.")
    side: Side | None = Field(default=None, description="L, R or U; null: the sensor's own.")
    mount: Mount | None = Field(default=None, description="foot, shank or sacrum; null: the sensor's own.")
    until_utc: AwareDatetime | None = Field(default=None, description="End; null: 04:00 tomorrow morning.")
    agreed: bool = Field(default=False, description="True takes it although it is lent, taken, or has another.")


class SwapBody(_Body):
    """Let two pods change people, for what comes."""

    kind: Literal["swap"] = Field(description="Let two pods change people.")
    one: str = Field(min_length=1, description="Sensor, by id or name.")
    other: str = Field(min_length=1, description="Sensor, by id or name.")


class ClearBody(_Body):
    """End the line of one pod, or of all; the permanent binding holds again."""

    kind: Literal["clear"] = Field(description="Back in the box.")
    device: str | None = Field(default=None, description="Sensor, by id or name; null: all.")


class CopyBody(_Body):
    """Make the roster of an earlier day tonight's."""

    kind: Literal["copy"] = Field(description="As on an earlier day.")
    day: date = Field(description="That day.")
    until_utc: AwareDatetime | None = Field(default=None, description="End; null: 04:00 tomorrow morning.")
    agreed: bool = Field(default=False, description="True takes pods although they are lent, taken, or have another.")


RosterBody: TypeAlias = Annotated[BindBody | SwapBody | ClearBody | CopyBody, Field(discriminator="kind")]


def roster_router() -> APIRouter:
    """Return the routes of the roster."""
    router = APIRouter(prefix="/api/roster", tags=["roster"], responses=ASKED)

    @router.get(
        "",
        summary="Every paired sensor, and whose it is now",
        operation_id="roster",
        dependencies=[needs("see-roster")],
    )
    def tonight(at: Asked) -> RosterAnswer:
        return RosterAnswer.of(of_part(at.writing.roster).tonight())

    @router.post(
        "",
        summary="Give, swap, clear or copy",
        operation_id="set_roster",
        responses=REFUSED,
        dependencies=[needs("set-roster"), Depends(writes_json)],
    )
    def change(at: Asked, body: Annotated[RosterBody, Body(openapi_examples=_EXAMPLES)]) -> RosterAnswer:
        roster = of_part(at.writing.roster)
        match body:
            case BindBody():
                wish = Wish(body.device, body.athlete, body.side, body.mount)
                view = roster.set([wish], body.until_utc, agreed=body.agreed)
            case SwapBody():
                view = roster.swap(body.one, body.other)
            case ClearBody():
                view = roster.clear(body.device)
            case CopyBody():
                view = roster.copy(body.day, body.until_utc, agreed=body.agreed)
        return RosterAnswer.of(view)

    return router
