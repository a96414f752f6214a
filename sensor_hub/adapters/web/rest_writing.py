"""The routers of what can be changed over REST: those whose part the hub has."""

from fastapi import APIRouter

from sensor_hub.adapters.web.rest_guide import guide_router
from sensor_hub.adapters.web.rest_history import history_router
from sensor_hub.adapters.web.rest_marks import marks_router
from sensor_hub.adapters.web.rest_newcomers import newcomers_router
from sensor_hub.adapters.web.rest_notify import notify_router
from sensor_hub.adapters.web.rest_person import person_router
from sensor_hub.adapters.web.rest_roster import roster_router
from sensor_hub.adapters.web.rest_rules import rules_router
from sensor_hub.adapters.web.rest_sensors import sensors_router
from sensor_hub.adapters.web.rest_squads import squads_router
from sensor_hub.adapters.web.writing import WriteSide


def writing_routers(writing: WriteSide) -> list[APIRouter]:
    """Return the routers of the parts that are there."""
    routers = []
    if writing.keeping is not None:
        routers.append(history_router())
    if writing.data is not None:
        routers.append(person_router(writing, writing.data))
    if writing.roster is not None:
        routers.append(roster_router())
    if writing.sensors is not None:
        routers.append(sensors_router())
    if writing.guide is not None:
        routers.append(guide_router())
    if writing.rules is not None:
        routers.append(rules_router(writing.rules))
    if writing.squads is not None:
        routers.append(squads_router())
    if writing.marks is not None:
        routers.append(marks_router())
    if writing.addressees is not None:
        routers.append(notify_router())
    if writing.newcomers is not None:
        routers.append(newcomers_router())
    return routers
