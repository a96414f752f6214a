"""REST of a hub's first people: an athlete is added, a simulated squad comes and goes."""

from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_history import REFUSED, of_part
from sensor_hub.adapters.web.writing import has_own_header, writes_json
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.newcomer import SimulatedSquad

_EXAMPLES: Final[dict[str, Any]] = {
    "new": {"summary": "Somebody new", "value": {"display_name": "Ana", "zone": "Europe/Lisbon", "mass_kg": 58}},
}


class AthleteBody(BaseModel):
    """Somebody new."""

    model_config = ConfigDict(extra="forbid")

    display_name: str = Field(min_length=1, max_length=200, description="What they are called here; nobody else is.")
    zone: str = Field(min_length=1, max_length=100, description="IANA time zone; it decides their days.")
    mass_kg: float | None = Field(default=None, description="Body mass, kg; null: unknown.")
    height_m: float | None = Field(default=None, description="Body height, m; null: unknown.")


class AddedAnswer(BaseModel):
    """Who was added."""

    athlete: str = Field(description="Pseudonym.")
    display_name: str = Field(description="What they are called here.")
    zone: str = Field(description="IANA time zone.")

    @classmethod
    def of(cls, athlete: Athlete) -> Self:
        """Answer for an athlete."""
        return cls(athlete=athlete.id, display_name=athlete.display_name, zone=athlete.zone)


class SimulatedAnswer(BaseModel):
    """How it stands with the simulated runners."""

    n_athletes: int = Field(description="How many there are.")
    n_running: int = Field(description="How many of them run now; after a restart of the hub none.")
    doing: Literal["coming", "going"] | None = Field(description="They are being added, or erased; null: neither.")
    n_done: int = Field(description="How many of them have come or gone.")
    n_total: int = Field(description="Of how many.")
    problem: str | None = Field(description="Why the last time did not come to its end; null if it did.")

    @classmethod
    def of(cls, squad: SimulatedSquad) -> Self:
        """Answer for how it stands."""
        return cls(
            n_athletes=squad.n_athletes, n_running=squad.n_running, doing=squad.doing, n_done=squad.n_done,
            n_total=squad.n_total, problem=squad.problem,
        )  # fmt: skip


def newcomers_router() -> APIRouter:
    """Return the routes of newcomers."""
    router = APIRouter(prefix="/api", tags=["people"], responses=ASKED)
    squad: dict[str, Any] = {"dependencies": [needs("add-athlete"), Depends(has_own_header)], "responses": REFUSED}

    @router.post(
        "/athletes",
        summary="Add an athlete",
        operation_id="add_athlete",
        status_code=201,
        responses=REFUSED,
        dependencies=[needs("add-athlete"), Depends(writes_json)],
    )
    def add(at: Asked, body: Annotated[AthleteBody, Body(openapi_examples=_EXAMPLES)]) -> AddedAnswer:
        about = {"mass_kg": body.mass_kg, "height_m": body.height_m}
        return AddedAnswer.of(of_part(at.writing.newcomers).add(body.display_name, body.zone, **about))

    @router.get(
        "/simulated-squad",
        summary="How it stands with the simulated runners",
        operation_id="simulated_squad",
        dependencies=[needs("add-athlete")],
    )
    def stands(at: Asked) -> SimulatedAnswer:
        return SimulatedAnswer.of(of_part(at.writing.newcomers).simulated())

    @router.post(
        "/simulated-squad",
        summary="Have simulated runners with a history come, and some run; takes seconds",
        operation_id="invite_simulated_squad",
        **squad,
    )
    def invite(at: Asked) -> SimulatedAnswer:
        newcomers = of_part(at.writing.newcomers)
        newcomers.invite_simulated_squad()
        return SimulatedAnswer.of(newcomers.simulated())

    @router.delete(
        "/simulated-squad",
        summary="Erase every simulated runner; takes some seconds for each",
        operation_id="dismiss_simulated_squad",
        **squad,
    )
    def dismiss(at: Asked) -> SimulatedAnswer:
        newcomers = of_part(at.writing.newcomers)
        newcomers.dismiss_simulated_squad()
        return SimulatedAnswer.of(newcomers.simulated())

    return router
