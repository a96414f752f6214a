"""Which entries an undo is about."""

from datetime import UTC, datetime

import pytest

from sensor_hub.edits.in_force import undone
from sensor_hub.edits.undoing import newest_made_together, owner_of, the_other_way
from sensor_hub.errors import EditError
from sensor_hub.model.edit import Delete, Edit, Entry, Tell, Undo

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def entry(name: str, edit: Edit, athlete: str = "ana", by: str = "cli") -> Entry:
    return Entry(name, athlete, NOW, by, edit)


def together_of(*entries: Entry) -> list[str]:
    return newest_made_together(entries, undone(entries))


def other_way(*entries: Entry) -> Undo:
    """Of the entry "e1"."""
    return the_other_way(entries, undone(entries), "e1")


def test_what_one_command_said_is_taken_back_together_newest_first() -> None:
    earlier = entry("01m803vaaa1", Delete("s0"))
    together = entry("01m803vbbb1", Tell("s1", note="x")), entry("01m803vbbb2", Delete("s1"))
    assert together_of(earlier, *together) == ["01m803vbbb2", "01m803vbbb1"]


def test_in_one_second_two_commands_are_two() -> None:
    assert together_of(entry("01m803vaaa1", Delete("s0")), entry("01m803vaab1", Delete("s1"))) == ["01m803vaab1"]


def test_another_hand_or_another_person_in_the_same_moment_is_left_alone() -> None:
    others = entry("01m803vbbb1", Delete("s1"), by="page"), entry("01m803vbbb2", Delete("s2"), athlete="ben")
    assert together_of(*others, entry("01m803vbbb3", Delete("s3"))) == ["01m803vbbb3"]


def test_what_was_taken_back_and_the_taking_back_itself_are_passed_over() -> None:
    first, second = entry("01m803vaaa1", Delete("s0")), entry("01m803vbbb1", Delete("s1"))
    back = entry("01m803vccc1", Undo(second.id))
    assert together_of(first, second, back) == [first.id]
    with pytest.raises(EditError, match="no edit to take back"):
        together_of(second, back)


def test_an_entry_in_force_is_taken_back_and_one_taken_back_comes_again() -> None:
    first = entry("e1", Delete("s0"))
    gone, again, back = entry("u1", Undo("e1")), entry("u2", Undo("u1")), entry("u3", Undo("e1"))
    assert other_way(first) == Undo("e1")
    assert other_way(first, gone) == Undo("u1")
    assert other_way(first, gone, again) == Undo("e1")
    assert other_way(first, gone, again, back) == Undo("u3")


def test_entries_are_in_one_journal() -> None:
    mine, theirs = entry("e1", Delete("s0")), entry("e2", Delete("s1"), athlete="ben")
    assert owner_of([mine, theirs], ["e2"]) == "ben"
    with pytest.raises(EditError, match="several people"):
        owner_of([mine, theirs], ["e1", "e2"])
