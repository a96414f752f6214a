"""What Home Assistant makes of a discovery message, by its documentation: a schema of what we use, and templates.

Of "MQTT device discovery" and "MQTT sensor" in its documentation. Templates are Jinja's, as Home Assistant's are.
"""

import json
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jsonschema import Draft202012Validator

# abbreviations of the documentation's list, of those that are used here
LONG = {
    "stat_t": "state_topic", "val_tpl": "value_template", "unit_of_meas": "unit_of_measurement", "ic": "icon",
    "dev_cla": "device_class", "stat_cla": "state_class", "ent_cat": "entity_category", "ops": "options",
}  # fmt: skip
_TOPIC = {"type": "string", "minLength": 1, "pattern": "^[^+#\\u0000]+$"}
_SENSOR = {
    "type": "object",
    "required": ["p", "unique_id", "stat_t", "val_tpl", "name"],
    "additionalProperties": False,
    "properties": {
        "p": {"const": "sensor"}, "unique_id": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "name": {"type": "string", "minLength": 1}, "stat_t": _TOPIC, "val_tpl": {"type": "string"},
        "unit_of_meas": {"type": "string"}, "ic": {"type": "string", "pattern": "^mdi:[a-z-]+$"},
        "dev_cla": {"enum": ["battery", "distance", "enum"]}, "stat_cla": {"enum": ["measurement"]},
        "ent_cat": {"enum": ["diagnostic", "config"]},
        "ops": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    },
    "allOf": [
        # an enum has options, and neither unit nor class of state; a battery is in percent, a distance in a length
        {"if": {"properties": {"dev_cla": {"const": "enum"}}, "required": ["dev_cla"]},
         "then": {"required": ["ops"], "not": {"anyOf": [{"required": ["unit_of_meas"]}, {"required": ["stat_cla"]}]}},
         "else": {"not": {"required": ["ops"]}}},
        {"if": {"properties": {"dev_cla": {"const": "battery"}}, "required": ["dev_cla"]},
         "then": {"properties": {"unit_of_meas": {"const": "%"}}, "required": ["unit_of_meas"]}},
        {"if": {"properties": {"dev_cla": {"const": "distance"}}, "required": ["dev_cla"]},
         "then": {"properties": {"unit_of_meas": {"enum": ["m", "km", "mi", "ft", "cm", "mm", "in", "yd"]}},
                  "required": ["unit_of_meas"]}},
    ],
}  # fmt: skip
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["dev", "o", "cmps"],
    "additionalProperties": False,
    "properties": {
        "dev": {
            "type": "object",
            "required": ["ids", "name"],
            "additionalProperties": False,
            "properties": {
                "ids": {"type": "array", "items": {"type": "string"}, "minItems": 1}, "name": {"type": "string"},
                "mf": {"type": "string"}, "mdl": {"type": "string"}, "cu": {"type": "string", "pattern": "^https?://"},
            },
        },
        "o": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "sw": {"type": "string"}},
        },
        "avty": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["t"],
                "additionalProperties": False,
                "properties": {
                    "t": _TOPIC, "val_tpl": {"type": "string"}, "pl_avail": {"type": "string"},
                    "pl_not_avail": {"type": "string"},
                },
            },
        },
        "cmps": {"type": "object", "minProperties": 1, "additionalProperties": _SENSOR},
        "qos": {"enum": [0, 1, 2]},
    },
}  # fmt: skip
_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


def checked(payload: bytes) -> dict[str, Any]:
    """Return a discovery message; fails where Home Assistant's documentation does not have it so."""
    body: dict[str, Any] = json.loads(payload)
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(body)
    ids = [component["unique_id"] for component in body["cmps"].values()]
    assert len(ids) == len(set(ids))
    return body


def state(component: dict[str, Any], payload: bytes) -> str | float | None:
    """What a sensor shows of a message; None is unknown. A number where a unit says that it is one."""
    said = (
        _JINJA.from_string(component["val_tpl"]).render(value=payload.decode(), value_json=json.loads(payload)).strip()
    )
    if said == "None":
        return None
    if "unit_of_meas" in component or "stat_cla" in component:
        return float(said)
    assert said in component.get("ops", [said])
    return said


def available(body: dict[str, Any], payload: bytes) -> bool:
    """Whether a device is there, by what stands on the topic of its availability."""
    (way,) = body["avty"]
    said = _JINJA.from_string(way["val_tpl"]).render(value_json=json.loads(payload))
    assert said in {way["pl_avail"], way["pl_not_avail"]}
    return bool(said == way["pl_avail"])
