from datetime import date, timedelta

from sensor_hub.edits.shoes import Worn
from sensor_hub.model.edit import WearShoe

DAY = date(2026, 11, 20)


def test_a_pair_of_one_day_leaves_the_pair_that_is_worn_otherwise() -> None:
    worn = Worn((WearShoe("grey", DAY - timedelta(days=9)), WearShoe("flats", DAY, DAY)))
    assert (worn.on(DAY), worn.until_further_notice(DAY)) == ("flats", "grey")
    assert worn.on(DAY + timedelta(days=1)) == worn.until_further_notice(DAY + timedelta(days=1)) == "grey"


def test_nobody_said_a_pair_for_every_day() -> None:
    worn = Worn((WearShoe("flats", DAY, DAY), WearShoe("grey", DAY + timedelta(days=1))))
    assert worn.until_further_notice(DAY) is None
