"""The load message: everything in it is described, and one of an older hub is still right."""

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from jsonschema import ValidationError

from sensor_hub.model.load import Headroom, InstrumentChange, LoadStatus, LoadSums
from sensor_hub.wire import encode_load
from tests.test_wire import TOPICS, VALIDATORS, schema
from tests.wire_strategies import LOADS

CHANGE = InstrumentChange(
    "2026-11-17", "2026-12-01", "imu/shank/shank-1.0", "achilles-1.0.0", "imu/foot/foot-1.0", "achilles-1.0.0"
)
ROOM = Headroom("load_eq_km", 10.0, 11.0, 3.0, None, "learning", "bridging")
STATUS = LoadStatus(
    "k3f9", "UTC", "2026-11-20", 3000.0, 3.2, 9000.0, None, (ROOM,), "live",
    week=LoadSums(3, reason="mixed-instruments"), instrument="imu/shank/shank-1.0", bridging=CHANGE,
)  # fmt: skip


def body_of(status: LoadStatus) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(encode_load(status, TOPICS).payload)
    return body


def test_every_field_of_a_load_is_in_its_schema() -> None:
    told = schema("load")["properties"]
    assert {f.name for f in fields(LoadStatus)} - {"athlete"} <= told.keys()
    for name, kind in (("today", LoadSums), ("week", LoadSums), ("bridging", InstrumentChange)):
        assert {f.name for f in fields(kind)} == told[name]["properties"].keys()
    assert {f.name for f in fields(Headroom)} == told["headroom"]["items"]["properties"].keys()


def test_a_change_of_the_sensor_and_why_a_sum_is_unknown_travel() -> None:
    body = body_of(STATUS)
    VALIDATORS["load"].validate(body)
    assert body["bridging"]["first_day"] == "2026-11-17"
    assert (body["week"]["reason"], body["week"]["load_eq_km"]) == ("mixed-instruments", None)
    assert (body["headroom"][0]["reason"], body["headroom"][0]["probability"]) == ("bridging", None)


@given(LOADS)
def test_a_load_of_an_older_hub_that_says_less_is_still_right(status: LoadStatus) -> None:
    body = body_of(status)
    for later in ("today", "week", "instrument", "model", "reference", "bridging"):
        del body[later]
    for room in body["headroom"]:
        del room["probability"]
    VALIDATORS["load"].validate(body)


@pytest.mark.parametrize("probability", [-0.1, 1.2, "likely"])
def test_a_probability_is_a_share(probability: object) -> None:
    body = body_of(STATUS)
    body["headroom"][0]["probability"] = probability
    with pytest.raises(ValidationError):
        VALIDATORS["load"].validate(body)
