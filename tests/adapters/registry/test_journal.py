"""The journal: appended in order, never changed, handed over on a merge."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.edit import Change, Delete, Edit, Entry, Tell, Undo

MADE = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


def entry(name: str, athlete: str, edit: Edit, other: str | None = None) -> Entry:
    return Entry(name, athlete, MADE, "cli", edit, other)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        yield opened


def test_entries_come_back_in_the_order_they_were_made(registry: Registry) -> None:
    ana, ben = (registry.add_athlete(name, "UTC").id for name in ("Ana", "Ben"))
    first, second, third = (
        entry("b", ana, Delete("s1")),
        entry("a", ben, Tell("s2", note="wet")),
        entry("c", ana, Undo("b")),
    )
    registry.journal.append([first])
    registry.journal.append([second, third])
    assert registry.journal.entries() == [first, second, third]
    assert registry.journal.entries([ana]) == [first, third]


def test_a_session_that_was_given_away_is_an_entry_of_both(registry: Registry) -> None:
    ana, ben = (registry.add_athlete(name, "UTC").id for name in ("Ana", "Ben"))
    given = entry("a", ana, Change("s1", athlete=ben), other=ben)
    registry.journal.append([given])
    assert registry.journal.entries([ana]) == registry.journal.entries([ben]) == [given]


def test_of_several_entries_all_are_written_or_none(registry: Registry) -> None:
    ana = registry.add_athlete("Ana", "UTC").id
    registry.journal.append([entry("a", ana, Delete("s1"))])
    with pytest.raises(RegistryError, match="'a' is in the journal already"):
        registry.journal.append([entry("b", ana, Delete("s2")), entry("a", ana, Delete("s3"))])
    with pytest.raises(RegistryError, match="no athlete"):
        registry.journal.append([entry("d", ana, Delete("s2")), entry("e", "nobody", Delete("s3"))])
    assert [e.id for e in registry.journal.entries()] == ["a"]


def test_what_was_decided_on_an_older_journal_is_not_written(registry: Registry) -> None:
    ana = registry.add_athlete("Ana", "UTC").id
    before = registry.journal.version()
    assert registry.journal.append([entry("a", ana, Delete("s1"))], after=before)
    assert not registry.journal.append([entry("b", ana, Delete("s1"))], after=before)
    assert [e.id for e in registry.journal.entries()] == ["a"]


def test_what_nobody_judged_after_is_remembered_until_somebody_did(registry: Registry) -> None:
    ana = registry.add_athlete("Ana", "UTC").id
    first, second = entry("a", ana, Delete("s1")), entry("b", ana, Delete("s2"))
    registry.journal.append([first, second])
    registry.journal.append([entry("c", ana, Delete("s3"))], judged=True)
    assert registry.journal.unjudged() == [first, second]
    registry.journal.set_judged([first])
    assert registry.journal.unjudged() == [second]


def test_a_merge_of_athletes_hands_their_entries_over(registry: Registry) -> None:
    ana, old, ben = (registry.add_athlete(name, "UTC").id for name in ("Ana", "Ana (old)", "Ben"))
    registry.journal.append([entry("a", old, Delete("s1")), entry("b", ben, Change("s2", athlete=old), other=old)])
    registry.merge_athletes(old, ana)
    assert [(e.athlete, e.other) for e in registry.journal.entries([ana])] == [(ana, None), (ben, ana)]


def test_an_entry_of_a_newer_program_is_refused_by_name(registry: Registry) -> None:
    ana = registry.add_athlete("Ana", "UTC").id
    registry.journal.append([entry("a", ana, Delete("s1"))])
    engine = create_engine(registry.url)
    with engine.begin() as connection:
        connection.execute(text("""UPDATE journal SET body = '{"kind"\\:"dream"}'"""))
    engine.dispose()
    with pytest.raises(RegistryError, match=r"entry a of the journal cannot be read.*update sensor-hub"):
        registry.journal.entries()
