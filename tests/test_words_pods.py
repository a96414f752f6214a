"""What is said of sensors: one of a thing and many of it."""

import pytest

from sensor_hub.adapters.web import sensor_labels
from sensor_hub.words.pods import finding_text
from tests.adapters.web.sensors import sensor


@pytest.mark.parametrize(
    ("code", "one", "many"),
    [
        ("gaps", "1 gap: what happens in it", "3 gaps: what happens in them"),
        ("dropped", "notifications once:", "notifications 3 times:"),
        ("doubled", "1 reading came", "3 readings came"),
        ("undecodable", "1 notification does not", "3 notifications do not"),
        ("some-undecodable", "1 notification could", "3 notifications could"),
        ("clock-reset", "set back once", "set back 3 times"),
    ],
)
def test_a_check_speaks_of_one_and_of_many(code: str, one: str, many: str) -> None:
    assert one in finding_text(code, 1.0)
    assert many in finding_text(code, 3.0)


def test_a_sensors_card_speaks_of_one_and_of_many() -> None:
    once = sensor("pod", "mia", "mia", n_reconnects=1, n_dropped=1)
    assert sensor_labels.losses(once) == "Linked again once · 1 notification lost"
    often = sensor("pod", "mia", "mia", n_reconnects=2, n_dropped=5)
    assert sensor_labels.losses(often) == "Linked again 2 times · 5 notifications lost"
    assert sensor_labels.others_heard(1).startswith("1 other was heard")
    assert sensor_labels.heard_title(1) == "1 sensor heard"
    assert sensor_labels.heard_title(2) == "2 sensors heard, the loudest first"
