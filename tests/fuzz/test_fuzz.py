"""The fuzzing of ``make fuzz``, short; and that it would notice."""

import random
from collections.abc import Sequence

import pytest

from sensor_hub.decoders.catalogue import DECODER_NAMES
from sensor_hub.errors import DecodeError
from tests.fuzz.fuzz import attack, main, mutated, notifications
from tests.fuzz.targets import Target, targets

TARGETS = {target.name: target for target in targets()}


@pytest.mark.parametrize("name", TARGETS)
def test_a_thousand_broken_payloads_let_nothing_but_decode_errors_out(name: str) -> None:
    result = attack(TARGETS[name], "short", 1000)
    assert result.problem is None, result.problem
    assert result.count == 1000


@pytest.mark.parametrize("name", TARGETS)
def test_the_payloads_to_begin_from_are_understood(name: str) -> None:
    # broken payloads of nothing valid would never come past the first check of a decoder
    decode = TARGETS[name].make()
    found = [decode(characteristic, [payload]) for characteristic, payload in TARGETS[name].seeds]
    assert sum(found) >= len(found) // 2


def broken(of: Exception) -> Target:
    def decode(_characteristic: str, payloads: Sequence[bytes]) -> int:
        if any(len(payload) > 30 for payload in payloads):
            raise of
        return 0

    return Target("broken", (("2fff", b"0123456789"),), lambda: decode)


@pytest.mark.parametrize("error", [IndexError("off the end"), DecodeError("x", "left a stream", b"")])
def test_a_decoder_that_lets_an_error_out_is_found_and_reported_with_its_payloads(error: Exception) -> None:
    result = attack(broken(error), "short", 1000)
    assert result.problem is not None
    assert str(error) in result.problem
    assert "2fff 3" in result.problem


def test_every_decoder_is_attacked() -> None:
    attacked = {word for name in TARGETS for word in name.split()}
    assert attacked >= DECODER_NAMES


def test_a_seed_repeats_a_run() -> None:
    seeds = TARGETS["rsc"].seeds
    first, again, other = (list(notifications(random.Random(s), seeds, 50)) for s in ("7", "7", "8"))
    assert first == again != other
    rng = random.Random(3)
    changed = sum(mutated(rng, b"0123456789", b"abc") != b"0123456789" for _ in range(100))
    assert 60 < changed < 100


def test_the_program_prints_a_line_for_each_decoder_and_its_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "50", "--seed", "7", "--only", "battery"]) == 0
    told = capsys.readouterr().out
    assert "seed 7" in told
    assert [line.split()[0] for line in told.splitlines()[1:]] == ["battery"]
    with pytest.raises(SystemExit):
        main(["--only", "nothing-of-this-name"])
