"""Which session somebody means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.cli.chosen import distinct_of, id_of, last_of
from sensor_hub.errors import EditError
from sensor_hub.model.history import KeptSession, Standing
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Ledger, SessionHeader, SessionSummary

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
IDS = st.sets(st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=26, max_size=26), min_size=1, max_size=8)


def kept(sid: str, hour: int, standing: Standing = "counts", ledger: Ledger = "run") -> KeptSession:
    header = SessionHeader(sid, "ana", "UTC", "import", "speed", "m", "ref", "p", ledger)
    start = NOON + timedelta(hours=hour)
    return KeptSession(SessionSummary(header, start, start + timedelta(hours=1), Totals()), standing)


@given(IDS, st.data())
def test_the_beginning_of_an_id_means_it_where_no_other_begins_so(ids: set[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(sorted(ids)))
    begin = wanted[: data.draw(st.integers(4, 26))]
    others = [each for each in ids if each.startswith(begin)]
    if len(others) == 1:
        assert id_of(begin.upper(), ids, "session", "session list") == wanted
    else:
        with pytest.raises(EditError, match=f"begins {len(others)} sessions"):
            id_of(begin, ids, "session", "session list")


def test_an_id_that_several_begin_names_them() -> None:
    with pytest.raises(EditError, match=r"'01ab' begins 2 sessions: 01abc, 01abd \(give more of it\)"):
        id_of("01ab", ["01abd", "01abc", "02"], "session", "session list")
    assert id_of("01abc", ["01abc", "01abcd"], "session", "session list") == "01abc"


@pytest.mark.parametrize(
    ("text", "mend"), [("01a", "at least 4 characters"), ("zzzz", "'sensor-hub session list'"), ("", "4")]
)
def test_what_no_session_begins_with_is_told_with_where_to_look(text: str, mend: str) -> None:
    with pytest.raises(EditError, match=f"no session {text!r} here.*{mend}"):
        id_of(text, ["01abc"], "session", "session list")


def test_last_is_the_newest_that_counts_and_never_an_exercise() -> None:
    sessions = [kept("a", 1), kept("b", 2), kept("c", 3, "deleted"), kept("d", 4, ledger="exercise")]
    assert last_of(sessions).summary.header.sid == "b"
    with pytest.raises(EditError, match="no session yet that counts"):
        last_of(sessions[2:])


def test_the_same_session_named_twice_is_one() -> None:
    assert distinct_of(["a", "b", "a"], 2, "merge") == ("a", "b")
    with pytest.raises(EditError, match="merge needs 2 different sessions or more, not 1"):
        distinct_of(["a", "a"], 2, "merge")
