"""Keys in place of addresses: random, the same while they are valid, and void after some minutes."""

from sensor_hub.app.collecting.heard_keys import KEPT_S, HeardKeys
from sensor_hub.app.collecting.pairing import Heard
from sensor_hub.model.link import Found
from tests.app.on_air import LEFT, RIGHT


def heard(address: str, rssi_dbm: int = -50) -> Heard:
    return Heard(Found(address, "Stride", rssi_dbm), None, None)


def test_a_key_means_the_newest_that_was_heard_of_a_sensor_until_it_is_void() -> None:
    now = [0.0]
    keys = HeardKeys(lambda: now[0])
    left = keys.key_of(heard(LEFT))
    assert keys.key_of(heard(RIGHT)) != left
    now[0] = KEPT_S / 2
    assert keys.key_of(heard(LEFT, -60)) == left
    found = keys.heard(left)
    assert found is not None
    assert found.found.rssi_dbm == -60
    now[0] = KEPT_S * 1.4
    assert keys.heard(left) is not None, "it was heard again meanwhile"
    now[0] = KEPT_S * 1.6
    assert keys.heard(left) is None
    assert keys.key_of(heard(LEFT)) != left


def test_a_key_tells_nothing_of_an_address_and_is_drawn_anew_by_every_edge() -> None:
    drawn = {HeardKeys().key_of(heard(LEFT)) for _ in range(20)}
    assert len(drawn) == 20
    assert all(LEFT.replace(":", "").lower() not in key for key in drawn)
