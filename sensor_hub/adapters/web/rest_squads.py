"""REST of squads: which there are, who is in them, and what makes and changes them."""

from typing import Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rest_history import REFUSED, of_part
from sensor_hub.adapters.web.writing import has_own_header, writes_json
from sensor_hub.model.squad import Squad


class SquadAnswer(BaseModel):
    """A squad. Athletes whom the asker may not know of are left out."""

    id: str = Field(description="Pseudonym of the squad.")
    name: str = Field(description="What it is called.")
    athletes: list[str] = Field(description="Pseudonyms of who is in it.")

    @classmethod
    def of(cls, squad: Squad) -> Self:
        """Answer for a squad."""
        return cls(id=squad.id, name=squad.name, athletes=list(squad.athletes))


class SquadBody(BaseModel):
    """A squad to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "Sprint", "athletes": ["Ana"]}})

    name: str = Field(min_length=1, description="What it is to be called; no other squad is called so.")
    athletes: list[str] = Field(default_factory=list, max_length=1000, description="Who is in it, by id or name.")


class SquadChange(BaseModel):
    """What is to be another of a squad; what is null stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"joining": ["Ana"], "leaving": ["Ben"]}})

    name: str | None = Field(default=None, min_length=1, description="A new name.")
    athletes: list[str] | None = Field(default=None, max_length=1000, description="Who is in it now, by id or name.")
    joining: list[str] = Field(default_factory=list, max_length=1000, description="Who comes in; the others stay.")
    leaving: list[str] = Field(default_factory=list, max_length=1000, description="Who goes; the others stay.")


def squads_router() -> APIRouter:
    """Return the routes of squads."""
    router = APIRouter(prefix="/api/squads", tags=["squads"], responses=ASKED)

    @router.get("", summary="Every squad", operation_id="squads", dependencies=[needs("see-squads")])
    def squads(at: Asked) -> list[SquadAnswer]:
        return [SquadAnswer.of(squad) for squad in of_part(at.writing.squads).all()]

    @router.post(
        "",
        summary="Make a squad",
        operation_id="add_squad",
        status_code=201,
        responses=REFUSED,
        dependencies=[needs("set-squads"), Depends(writes_json), Depends(has_own_header)],
    )
    def add(at: Asked, body: SquadBody) -> SquadAnswer:
        return SquadAnswer.of(of_part(at.writing.squads).add(body.name, body.athletes))

    @router.patch(
        "/{squad}",
        summary="Rename it, or say anew who is in it",
        operation_id="change_squad",
        responses=REFUSED,
        dependencies=[needs("set-squads"), Depends(writes_json), Depends(has_own_header)],
    )
    def change(at: Asked, squad: str, body: SquadChange) -> SquadAnswer:
        changed = of_part(at.writing.squads).change(
            squad, name=body.name, athletes=body.athletes, joining=body.joining, leaving=body.leaving
        )
        return SquadAnswer.of(changed)

    @router.delete(
        "/{squad}",
        summary="Let go of a squad; its athletes stay",
        operation_id="remove_squad",
        status_code=204,
        responses=REFUSED,
        dependencies=[needs("set-squads"), Depends(has_own_header)],
    )
    def remove(at: Asked, squad: str) -> Response:
        of_part(at.writing.squads).remove(squad)
        return Response(status_code=204)

    return router
