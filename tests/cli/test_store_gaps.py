"""``store gaps``: which numbers of which gateway are missing."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.storage.progress import ranges
from sensor_hub.app.numbering import missing_between
from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import GapFound
from tests.adapters.storage.runs import HEADER, START_UTC, run
from tests.cli.conftest import Cli


@given(st.sets(st.integers(1, 60), min_size=1))
def test_what_is_missing_and_what_is_there_are_everything_up_to_the_last(numbers: set[int]) -> None:
    there = ranges(list(numbers))
    missing = {n for first, last in missing_between(there) for n in range(first, last + 1)}
    assert missing == set(range(1, max(numbers) + 1)) - numbers


def keep(cli: Cli, gw: str, seqs: list[int]) -> None:
    events = [envelope.event for envelope in run(8)]
    gap = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=2.5), "silence")
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        archive.recorded.commit([Envelope(gw, seq, event) for seq, event in zip(seqs, [*events, gap], strict=False)])


def test_a_whole_gateway_has_nothing_missing(cli: Cli) -> None:
    keep(cli, "edge-a", [1, 2, 3])
    answer = cli.ok("store", "gaps")
    assert answer.out.splitlines()[1].split() == ["edge-a", "3", "3", "0"]


def test_missing_numbers_are_named_and_leave_with_1(cli: Cli) -> None:
    keep(cli, "edge-a", [1, 2, 3])
    keep(cli, "edge-b", [2, 3, 7, 9])
    answer = cli("store", "gaps", "--json")
    assert answer.code == 1
    assert answer.json == [
        {"gateway": "edge-a", "received": [[1, 3]], "missing": [], "n_received": 3, "n_missing": 0, "last": 3},
        {"gateway": "edge-b", "received": [[2, 3], [7, 7], [9, 9]], "missing": [[1, 1], [4, 6], [8, 8]],
         "n_received": 4, "n_missing": 5, "last": 9},
    ]  # fmt: skip
    assert "1, 4–6, 8" in cli("store", "gaps").out
    assert cli.ok("store", "gaps", "--gateway", "edge-a").out.count("edge-") == 1


def test_an_empty_store_says_so(cli: Cli) -> None:
    assert cli.ok("store", "gaps").out == "Nothing was received from any gateway yet.\n"
    assert cli.ok("store", "gaps", "--json").json == []


def test_a_gateway_or_session_that_is_not_here_is_refused(cli: Cli) -> None:
    assert "nothing was received from it" in cli.refused("store", "gaps", "--gateway", "edge-x")
    assert "it is not here" in cli.refused("store", "gaps", "--session", "01jdx")


def test_a_session_tells_which_seconds_are_unknown_and_why(cli: Cli) -> None:
    keep(cli, "edge-a", list(range(1, 12)))
    (gap,) = cli.ok("store", "gaps", "--session", HEADER.sid, "--json").json["gaps"]
    assert (gap["seconds"], gap["device"], gap["cause"]) == (2.5, "pod-l", "silence")
    assert "2.5" in cli.ok("store", "gaps", "--session", HEADER.sid).out
