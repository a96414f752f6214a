"""REST of sensors and edges: how they are, and what edges are asked.

A request takes as long as its edge takes; what an edge refuses, or does not answer, is a 409 with the mend.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Self, TypeAlias

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs, signed_in
from sensor_hub.adapters.web.rest_history import REFUSED, of_part
from sensor_hub.adapters.web.writing import writes_json
from sensor_hub.model.asking import LONGEST_CHECK_S, LONGEST_SCAN_S
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.sensor_view import DeviceState, EdgeView, HeardSensor, SensorCheck, SensorView

_ID: Final = r"^[a-z0-9-]{1,64}$"
_NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Problem, "description": "No such person."}}


GwPath: TypeAlias = Annotated[str, Path(pattern=_ID, description="Id of the edge.")]


class FoundAnswer(BaseModel):
    """One thing that a check found."""

    code: str = Field(description="Which; docs/devices.md has them all.")
    value: float | None = Field(description="Its number, where there is one.")


class CheckAnswer(BaseModel):
    """What a check of a sensor found."""

    device: str = Field(description="Pseudonym of the sensor.")
    checked_utc: datetime = Field(description="When, UTC.")
    verdict: str = Field(description="fit, look or no.")
    found: list[FoundAnswer] = Field(description="What was found.")
    problem: str | None = Field(description="What is wrong with its link, in words; null: nothing.")

    @classmethod
    def of(cls, check: SensorCheck) -> Self:
        """Answer for a check."""
        return cls(
            device=check.device, checked_utc=check.checked_utc, verdict=check.verdict, problem=check.problem,
            found=[FoundAnswer(code=code, value=value) for code, value in check.found],
        )  # fmt: skip


class SensorAnswer(BaseModel):
    """A sensor. Its address stays on the edge that has paired it."""

    device: str = Field(description="Pseudonym of the sensor.")
    name: str | None = Field(description="What it is called; null: only its edge knows.")
    profile: str = Field(description="Firmware profile, id.")
    side: Side = Field(description="L, R or U.")
    mount: Mount | None = Field(description="Where it sits; null: as its profile says.")
    athlete: str | None = Field(description="Pseudonym of whose it is now; null: nobody's.")
    owner: str | None = Field(description="Pseudonym of whose it is for good; null: it is of the box.")
    gw: str | None = Field(description="Edge that has it; null: none has said so.")
    can_be_asked: bool = Field(description="True if that edge is there and takes requests.")
    state: DeviceState | None = Field(description="What its edge says of its link; null: unknown.")
    battery_percent: int | None = Field(description="Charge; null: unknown.")
    heard_utc: datetime | None = Field(description="When its edge said something of it last, UTC; null: never.")
    n_reconnects: int = Field(description="Links after the first one, since its edge began.")
    n_dropped: int = Field(description="Notifications lost since its edge began.")
    check: CheckAnswer | None = Field(description="The last check; null: none.")

    @classmethod
    def of(cls, view: SensorView) -> Self:
        """Answer for a sensor."""
        return cls(
            device=view.device, name=view.name, profile=view.profile, side=view.side, mount=view.mount,
            athlete=view.athlete, owner=view.owner, gw=view.gw, can_be_asked=view.can_be_asked, state=view.state,
            battery_percent=view.battery_percent, heard_utc=view.heard_utc, n_reconnects=view.n_reconnects,
            n_dropped=view.n_dropped, check=None if view.check is None else CheckAnswer.of(view.check),
        )  # fmt: skip


class EdgeAnswer(BaseModel):
    """An edge that has said how it is."""

    gw: str = Field(description="Id of the edge.")
    is_ready: bool = Field(description="True if it is connected.")
    takes_requests: bool = Field(description="True if it pairs and checks sensors when it is asked.")
    label: str = Field(description="What this hub's people call it; empty: nothing.")

    @classmethod
    def of(cls, view: EdgeView) -> Self:
        """Answer for an edge."""
        return cls(gw=view.gw, is_ready=view.is_ready, takes_requests=view.takes_requests, label=view.label)


class HeardAnswer(BaseModel):
    """A sensor on the air."""

    key: str = Field(description="Means it in a pairing with this edge in the next minutes; random, never an address.")
    name: str = Field(description="What it calls itself; empty: nothing.")
    profile: str | None = Field(description="Firmware profile that fits, id; null: none, so that it cannot be paired.")
    profile_name: str = Field(description="Its name.")
    rssi_dbm: int | None = Field(description="How loud; null: unknown.")
    mounts: list[Mount] = Field(description="Where it can be worn, one of which has to be told; empty: not asked.")
    asks_side: bool = Field(description="True if a side has to be told.")
    paired: str | None = Field(description="Pseudonym, if this edge has it paired.")

    @classmethod
    def of(cls, heard: HeardSensor) -> Self:
        """Answer for what was heard."""
        return cls(
            key=heard.key, name=heard.name, profile=heard.profile, profile_name=heard.profile_name,
            rssi_dbm=heard.rssi_dbm, mounts=list(heard.mounts), asks_side=heard.asks_side, paired=heard.paired,
        )  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScanBody(_Body):
    """Listen."""

    seconds: float = Field(default=8.0, ge=1.0, le=LONGEST_SCAN_S, description="How long, s.")


class PairBody(_Body):
    """Pair what was heard."""

    key: str = Field(pattern=_ID, description="Which, as a scan of this edge named it.")
    side: Side = Field(default="U", description="L, R or U.")
    mount: Mount | None = Field(default=None, description="foot, shank or sacrum; null: as its profile says.")
    name: str | None = Field(default=None, max_length=80, description="What to call it; null: what it calls itself.")


class CheckBody(_Body):
    """Look whether it is fit for a run."""

    device: str = Field(pattern=_ID, description="Pseudonym of the sensor.")
    seconds: float = Field(default=10.0, ge=1.0, le=LONGEST_CHECK_S, description="How long once it is linked, s.")


class UnpairBody(_Body):
    """Let go of a sensor."""

    device: str = Field(pattern=_ID, description="Pseudonym of the sensor.")


def sensors_router() -> APIRouter:
    """Return the routes of sensors and edges: of a person below their address, of the box below the edge's."""
    router = APIRouter(prefix="/api", tags=["sensors"], responses=ASKED)

    @router.get(
        "/edges",
        summary="Every edge that has said how it is",
        operation_id="edges",
        dependencies=[signed_in()],
    )
    def edges(at: Asked) -> list[EdgeAnswer]:
        return [EdgeAnswer.of(view) for view in of_part(at.writing.sensors).edges()]

    @router.get(
        "/athletes/{athlete}/sensors",
        summary="An athlete's sensors, and how they are",
        operation_id="athlete_sensors",
        responses=_NOT_FOUND,
        dependencies=[needs("see-sensors", about="athlete")],
    )
    def sensors(athlete: str, at: Asked) -> list[SensorAnswer]:
        who = at.rights.person(athlete).id
        return [SensorAnswer.of(view) for view in of_part(at.writing.sensors).all(who)]

    @router.get(
        "/sensors",
        summary="Sensors of the box, and how they are",
        operation_id="box_sensors",
        dependencies=[needs("see-roster")],
    )
    def of_the_box(at: Asked) -> list[SensorAnswer]:
        return [SensorAnswer.of(view) for view in of_part(at.writing.sensors).all()]

    _add_asking(router)
    return router


def _add_asking(router: APIRouter) -> None:
    """Routes of what edges are asked; the same for a person's sensors and for those of the box."""
    theirs: dict[str, Any] = {
        "responses": {**REFUSED, **_NOT_FOUND},
        "dependencies": [needs("pair-sensor", about="athlete"), Depends(writes_json)],
    }
    boxed: dict[str, Any] = {"responses": REFUSED, "dependencies": [needs("set-roster"), Depends(writes_json)]}
    of_person, of_edge = "/athletes/{athlete}/edges/{gw}", "/edges/{gw}"

    @router.post(f"{of_person}/scan", summary="What an edge hears", operation_id="scan_for", **theirs)
    def scan_for(athlete: str, gw: GwPath, body: ScanBody, at: Asked) -> list[HeardAnswer]:
        return [HeardAnswer.of(heard) for heard in of_part(at.writing.sensors).scan(gw, body.seconds)]

    @router.post(f"{of_edge}/scan", summary="What an edge hears", operation_id="scan", **boxed)
    def scan(gw: GwPath, body: ScanBody, at: Asked) -> list[HeardAnswer]:
        return [HeardAnswer.of(heard) for heard in of_part(at.writing.sensors).scan(gw, body.seconds)]

    @router.post(f"{of_person}/pair", summary="Pair a sensor for somebody", operation_id="pair_for", **theirs)
    def pair_for(athlete: str, gw: GwPath, body: PairBody, at: Asked) -> SensorAnswer:
        who = at.rights.person(athlete).id
        sensors = of_part(at.writing.sensors)
        return SensorAnswer.of(sensors.pair(gw, body.key, who, side=body.side, mount=body.mount, name=body.name))

    @router.post(f"{of_edge}/pair", summary="Pair a sensor for the box", operation_id="pair", **boxed)
    def pair(gw: GwPath, body: PairBody, at: Asked) -> SensorAnswer:
        sensors = of_part(at.writing.sensors)
        return SensorAnswer.of(sensors.pair(gw, body.key, None, side=body.side, mount=body.mount, name=body.name))

    @router.post(f"{of_edge}/check", summary="Check a sensor", operation_id="check_sensor", **boxed)
    def check(gw: GwPath, body: CheckBody, at: Asked) -> CheckAnswer:
        return CheckAnswer.of(of_part(at.writing.sensors).check(gw, body.device, body.seconds))

    @router.post(f"{of_person}/check", summary="Check a sensor of theirs", operation_id="check_for", **theirs)
    def check_for(athlete: str, gw: GwPath, body: CheckBody, at: Asked) -> CheckAnswer:
        return CheckAnswer.of(of_part(at.writing.sensors).check(gw, body.device, body.seconds))

    @router.post(f"{of_edge}/unpair", summary="Let go of a sensor", operation_id="unpair", status_code=204, **boxed)
    def unpair(gw: GwPath, body: UnpairBody, at: Asked) -> None:
        of_part(at.writing.sensors).unpair(gw, body.device)

    @router.post(
        f"{of_person}/unpair", summary="Let go of one of theirs", operation_id="unpair_for", status_code=204, **theirs
    )
    def unpair_for(athlete: str, gw: GwPath, body: UnpairBody, at: Asked) -> None:
        of_part(at.writing.sensors).unpair(gw, body.device)
