"""What a Home Assistant on the broker is told: one device a runner, and where each of its numbers stands.

Home Assistant's own contract (MQTT device discovery): a retained JSON object on ``homeassistant/device/ID/config`` with
``dev`` (the device), ``o`` (who says so) and ``cmps`` (its components), each with its topic, and a template that picks
a number out of what stands there. The numbers stay on topics of ours; nothing is said twice. What is unknown renders as
None, which Home Assistant shows as unknown: never as zero.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sensor_hub.model.gait import Side
from sensor_hub.model.load import Measure
from sensor_hub.model.message import Message
from sensor_hub.wire.topics import VERSION, Topics
from sensor_hub.wire.writing import dump

PREFIX: Final = "homeassistant"
STATUS: Final = f"{PREFIX}/status"
ONLINE: Final = b"online"
CONFIGS: Final = f"{PREFIX}/device/+/config"
ORIGIN: Final = "sensor_hub"
HubState: TypeAlias = Literal["ready", "lost"]
_LEFT: Final = (
    "{{% set h = value_json.headroom | default([]) | selectattr('measure', 'eq', '{measure}') | list %}}"
    "{{{{ h[0].left | round({digits}) if h and h[0].left is number else None }}}}"
)
_NUMBER: Final = "{{{{ value_json.{at} | round({digits}) if value_json.{at} is number else None }}}}"
_STATES: Final = ("alert", "near", "ok", "idle")
_STATE: Final = "{{ value_json.status if value_json.status in ['alert', 'near', 'ok', 'idle'] else None }}"
_HUB_STATE: Final = "{{ value_json.state }}"
_BATTERY: Final = "{{ value_json.battery_percent if value_json.battery_percent is number else None }}"

Entity: TypeAlias = Literal[
    "load_today", "distance_today", "hard_today", "load_left", "distance_left", "hard_left", "load_week",
    "distance_week", "status", "alerts",
]  # fmt: skip
ENTITIES: Final[tuple[Entity, ...]] = (
    "load_today", "distance_today", "hard_today", "load_left", "distance_left", "hard_left", "load_week",
    "distance_week", "status", "alerts",
)  # fmt: skip
_OF_LOAD: Final[Mapping[str, tuple[str, Measure]]] = {
    "load_today": ("today_load_eq_km", "load_eq_km"),
    "distance_today": ("today_distance_m", "distance_m"),
    "hard_today": ("today.hard_load_bw_s", "hard_load_bw_s"),
    "load_week": ("week_load_eq_km", "load_eq_km"),
    "distance_week": ("week_distance_m", "distance_m"),
}
_LEFT_OF: Final[Mapping[str, Measure]] = {
    "load_left": "load_eq_km", "distance_left": "distance_m", "hard_left": "hard_load_bw_s",
}  # fmt: skip
_UNITS: Final[Mapping[Measure, str]] = {"load_eq_km": "eq-km", "distance_m": "m", "hard_load_bw_s": "BW·s"}
_DIGITS: Final[Mapping[Measure, int]] = {"load_eq_km": 2, "distance_m": 0, "hard_load_bw_s": 1}


@dataclass(frozen=True, slots=True)
class WornSensor:
    """A sensor of a runner. name : as Home Assistant shows it."""

    device: str
    side: Side
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A runner as Home Assistant shows them.

    name : pseudonym or display name, as the settings say. hub : id of the hub that says so; while it is lost everything
    is unavailable. entities : what each number is called. page : address of the runner's page, if any.
    """

    athlete: str
    name: str
    hub: str
    entities: Mapping[Entity, str]
    sensors: Sequence[WornSensor] = ()
    page: str | None = None
    version: str = ""


def object_id(athlete: str) -> str:
    """Return what a runner's device is called in topics and unique ids."""
    return f"sensorhub_{athlete}"


def config_topic(athlete: str) -> str:
    """Topic of a runner's device; retained; empty payload = gone."""
    return f"{PREFIX}/device/{object_id(athlete)}/config"


def athlete_of_config(topic: str) -> str | None:
    """Return whose device a topic is of; None of a device that cannot be one of ours."""
    name = topic.removeprefix(f"{PREFIX}/device/").removesuffix("/config")
    return name.removeprefix("sensorhub_") if name.startswith("sensorhub_") and "/" not in name else None


def encode_shown(shown: Shown, topics: Topics) -> Message:
    """Return the retained message that makes a runner a device."""
    device: dict[str, Any] = {
        "ids": [object_id(shown.athlete)], "name": shown.name, "mf": ORIGIN, "mdl": "modelled push-off load",
    }  # fmt: skip
    if shown.page is not None:
        device["cu"] = shown.page
    components: dict[str, object] = {entity: _component(entity, shown, topics) for entity in ENTITIES}
    components |= {f"battery_{one.device}": _battery(one, shown, topics) for one in shown.sensors}
    body = {
        "dev": device,
        "o": {"name": ORIGIN, "sw": shown.version},
        "avty": [
            {"t": topics.hub_state(shown.hub), "val_tpl": _HUB_STATE, "pl_avail": "ready", "pl_not_avail": "lost"}
        ],
        "cmps": components,
        "qos": 1,
    }
    return Message(config_topic(shown.athlete), dump(body), 1, True)


def encode_gone(athlete: str) -> Message:
    """Return the message that takes a runner's device away."""
    return Message(config_topic(athlete), b"", 1, True)


def encode_status(athlete: str, status: str, n_alerts: int, topics: Topics) -> Message:
    """Return the retained word on how a runner is, as on the coach's page, and how many findings ask for attention."""
    body = {"v": VERSION, "type": "status", "ath": athlete, "status": status, "n_alerts": n_alerts}
    return Message(topics.status(athlete), dump(body), 1, True)


def encode_hub_state(hub: str, state: HubState, topics: Topics) -> Message:
    """Return the retained state of a hub."""
    return Message(topics.hub_state(hub), dump({"v": VERSION, "type": "state", "hub": hub, "state": state}), 1, True)


def is_ours(payload: bytes, topics: Topics) -> bool:
    """Whether a device was said by a hub of this site."""
    try:
        body = json.loads(payload)
        return bool(
            body["o"]["name"] == ORIGIN and body["avty"][0]["t"].startswith(f"{topics.base}/hub/")
        )  # fmt: skip
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _component(entity: Entity, shown: Shown, topics: Topics) -> dict[str, object]:
    unique = {"p": "sensor", "unique_id": f"{object_id(shown.athlete)}_{entity}", "name": shown.entities[entity]}
    if entity == "status":
        return {
            **unique, "stat_t": topics.status(shown.athlete), "val_tpl": _STATE, "dev_cla": "enum",
            "ops": list(_STATES), "ic": "mdi:run",
        }  # fmt: skip
    if entity == "alerts":
        template = _NUMBER.format(at="n_alerts", digits=0)
        return {
            **unique, "stat_t": topics.status(shown.athlete), "val_tpl": template, "stat_cla": "measurement",
            "ic": "mdi:bell-outline",
        }  # fmt: skip
    if entity in _LEFT_OF:
        measure = _LEFT_OF[entity]
        template = _LEFT.format(measure=measure, digits=_DIGITS[measure])
    else:
        at, measure = _OF_LOAD[entity]
        template = _NUMBER.format(at=at, digits=_DIGITS[measure])
    found: dict[str, object] = {
        **unique, "stat_t": topics.load(shown.athlete), "val_tpl": template, "unit_of_meas": _UNITS[measure],
        "stat_cla": "measurement", "ic": "mdi:run-fast",
    }  # fmt: skip
    return {**found, "dev_cla": "distance"} if measure == "distance_m" else found


def _battery(sensor: WornSensor, shown: Shown, topics: Topics) -> dict[str, object]:
    return {
        "p": "sensor", "unique_id": f"{object_id(shown.athlete)}_battery_{sensor.device}", "name": sensor.name,
        "stat_t": topics.device_state(sensor.device), "val_tpl": _BATTERY, "dev_cla": "battery", "unit_of_meas": "%",
        "stat_cla": "measurement", "ent_cat": "diagnostic",
    }  # fmt: skip


__all__ = [
    "CONFIGS", "ENTITIES", "ONLINE", "ORIGIN", "PREFIX", "STATUS", "Entity", "HubState", "Shown", "WornSensor",
    "athlete_of_config", "config_topic", "encode_gone", "encode_hub_state", "encode_shown", "encode_status", "is_ours",
    "object_id",
]  # fmt: skip
