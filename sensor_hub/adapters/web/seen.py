"""The hub as whoever asks may see and change it; pages and routes are given this, and never the hub itself."""

from dataclasses import dataclass, replace
from typing import Final, Self

from starlette.requests import HTTPConnection

from sensor_hub.adapters.web.guarded import SeenGuide, SeenHub, SeenKeeping
from sensor_hub.adapters.web.guarded_addressees import SeenAddressees
from sensor_hub.adapters.web.guarded_data import SeenData
from sensor_hub.adapters.web.guarded_marks import SeenMarks
from sensor_hub.adapters.web.guarded_newcomers import SeenNewcomers
from sensor_hub.adapters.web.guarded_roster import SeenRoster
from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.adapters.web.guarded_squads import SeenSquads
from sensor_hub.adapters.web.rights import RIGHTS, Rights
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.ports import HubView

HUB: Final = "sensor_hub.view"
SIDE: Final = "sensor_hub.writing"


@dataclass(frozen=True, slots=True)
class Seen:
    """view, writing : cut to the rights."""

    rights: Rights
    view: SeenHub
    writing: WriteSide

    @classmethod
    def by(cls, rights: Rights, view: HubView, writing: WriteSide) -> Self:
        """Return what one asker may see."""
        hub = SeenHub(view, rights)
        keeping, guide, data, roster = writing.keeping, writing.guide, writing.data, writing.roster
        side = replace(
            writing,
            keeping=None if keeping is None else SeenKeeping(keeping, view, rights),
            guide=None if guide is None else SeenGuide(guide, rights),
            data=None if data is None else SeenData(data, hub, rights),
            roster=None if roster is None else SeenRoster(roster, view, rights),
            newcomers=None if writing.newcomers is None else SeenNewcomers(writing.newcomers, rights),
            sensors=None if writing.sensors is None else SeenSensors(writing.sensors, rights),
            squads=None if writing.squads is None else SeenSquads(writing.squads, view, rights),
            marks=None if writing.marks is None else SeenMarks(writing.marks, rights),
            addressees=None if writing.addressees is None else SeenAddressees(writing.addressees, rights),
        )
        return cls(rights, hub, side)


def rights_of(request: HTTPConnection) -> Rights:
    """Return the rights of whoever sent a request."""
    found: Rights = request.scope[RIGHTS]
    return found
