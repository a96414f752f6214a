"""The broken MQTT messages of ``make fuzz-messages``, a few; and that a fault would show."""

import random
from pathlib import Path

import pytest

from sensor_hub.app import digest as sorting
from sensor_hub.app.digest import digest
from tests.fuzz.messages import RAW, attack, bent, main, messages, originals


@pytest.mark.parametrize("seed", ["1", "2"])
def test_broken_messages_are_taken_shown_or_kept_with_a_reason(tmp_path: Path, seed: str) -> None:
    told = attack(tmp_path, seed, 1500)
    assert told.count == 1500
    assert told.taken > 100, "nothing valid comes through: the messages are broken beyond use"
    assert told.dead > 500
    assert len(told.reasons) >= 5


def test_the_messages_to_begin_from_are_understood() -> None:
    found = digest((message.topic, message.payload) for message in originals())
    assert not found.dead
    assert len(found.envelopes) + len(found.live) == len(originals())


@pytest.mark.parametrize("payload", RAW, ids=lambda payload: repr(payload[:12]))
def test_what_is_no_message_at_all_is_a_dead_letter(payload: bytes) -> None:
    (letter,) = digest([("sensorhub/v1/home/ath/x/s/y/steps", payload)]).dead
    assert letter.payload == payload
    assert letter.reason


def test_an_error_that_is_none_of_ours_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(payload: bytes) -> object:
        raise KeyError(payload[:3])

    monkeypatch.setattr(sorting, "decode", careless)
    with pytest.raises(KeyError):
        attack(tmp_path, "1", 50)


def test_a_seed_repeats_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(messages(random.Random("7"), 30)) == list(messages(random.Random("7"), 30))
    payload = originals()[1].payload
    assert bent(random.Random(1), payload) != payload
    assert main(["--count", "80", "--seed", "7"]) == 0
    assert "no error" in capsys.readouterr().out
