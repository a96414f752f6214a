"""A demo that cannot be is refused before anything starts."""

import pytest

from tests.cli.conftest import Cli


@pytest.mark.parametrize(
    ("words", "what"),
    [(["--ble", "--speed", "5"], "real time"), (["--recording", "run.mcap"], "--ble"),
     (["--ble", "--recording", "nowhere.mcap"], "nowhere.mcap")],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_starts(cli: Cli, words: list[str], what: str) -> None:
    answer = cli("demo", *words)
    assert (answer.code, answer.out) == (2, "")
    assert what in answer.err
    assert "Loading" not in answer.err
    assert not cli.data_dir.exists()
