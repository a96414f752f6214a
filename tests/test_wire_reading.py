"""Messages are read fast where nothing is out of the ordinary, and told as before where something is."""

import json

import numpy as np
import pytest

from sensor_hub.errors import DecodeError
from sensor_hub.model.gait import FLOAT_COLUMNS
from sensor_hub.wire import Topics, decode, encode
from sensor_hub.wire.reading import parse
from tests.adapters.storage.runs import batches

STEPS = batches(1, n=4)[0]


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "1e999", "1" + "0" * 400, "true", '"2.5"', "[]", "{}"])
@pytest.mark.parametrize("where", ["column", "total"])
def test_what_is_no_number_is_refused_by_the_name_of_its_column(bad: str, where: str) -> None:
    payload = encode(STEPS, topics=Topics("home"), gw="gw", seq=1).payload
    body = json.loads(payload)
    if where == "column":
        body["quality"][0] = "HERE"
    else:
        body["total"]["coverage"] = "HERE"
    spoilt = json.dumps(body).replace('"HERE"', bad).encode()
    with pytest.raises(DecodeError, match="'quality'" if where == "column" else "'coverage'"):
        decode(spoilt)


def test_a_header_that_was_read_before_is_still_checked_where_it_differs() -> None:
    payload = encode(STEPS, topics=Topics("home"), gw="gw", seq=1).payload
    assert decode(payload).event.header is decode(payload).event.header
    body = json.loads(payload)
    wrong: list[dict[str, object]] = [
        {"ledger": None}, {"tier": "imu?"}, {"sid": []}, {"surface": True}, {"ath": "A"},
    ]  # fmt: skip
    for spoilt in wrong:
        with pytest.raises(DecodeError, match=f"'{next(iter(spoilt))}'"):
            decode(json.dumps(body | spoilt).encode())
    del body["ledger"]
    assert decode(json.dumps(body).encode()).event.header.ledger == "run"


def test_columns_read_together_are_those_read_one_by_one() -> None:
    payload = encode(STEPS, topics=Topics("home"), gw="gw", seq=1).payload
    body = json.loads(payload)
    body["vgrf_peak_bw"] = [1, None, -0.0, 1e300]
    del body["grade"]
    fields = parse(json.dumps(body).encode(), "message")
    together = fields.columns(FLOAT_COLUMNS, 4)
    for name, column in zip(FLOAT_COLUMNS, together, strict=True):
        np.testing.assert_array_equal(column, fields.column(name, 4), err_msg=name)
    names = list(body["total"])
    names.remove("foot_strike")
    total = fields.inner("total")
    assert total.maybes(names) == {name: total.maybe(name) for name in names}
