"""What several hubs share out, on a file and on a PostgreSQL: nobody takes what another has, and the dead lose it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.judging import Work, lease_of
from sensor_hub.adapters.registry.work_tables import DueRow, LeaseRow, ToldRow
from sensor_hub.model.work import DueJudgement, FirstTelling

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
ANA = DueJudgement("ana-pseudonym", "Europe/Lisbon", simulated=False, since=TUESDAY, final=False)
BEN = replace(ANA, athlete="ben-pseudonym")
TELLING = FirstTelling("ana-pseudonym", "session-limit", "session:run-1", "f1")
LONG_S, SHORT_S = 60.0, 0.05


@pytest.fixture
def work(registry_url: str) -> Iterator[Work]:
    with Registry(registry_url) as registry:
        yield registry.work


def names(found: list[DueJudgement]) -> list[str]:
    return [one.athlete for one in found]


def test_who_is_due_is_in_one_hand_only(work: Work) -> None:
    work.note([ANA, BEN])
    assert sorted(names(work.take_due("hub-1", for_s=LONG_S, at_most=8))) == [ANA.athlete, BEN.athlete]
    assert work.take_due("hub-2", for_s=LONG_S, at_most=8) == []


def test_no_more_are_taken_than_asked_for_and_another_hub_takes_the_rest(work: Work) -> None:
    work.note([ANA])
    work.note([BEN])
    assert names(work.take_due("hub-1", for_s=LONG_S, at_most=1)) == [ANA.athlete], "longest waiting first"
    assert names(work.take_due("hub-2", for_s=LONG_S, at_most=1)) == [BEN.athlete]


def test_who_runs_waits_for_more_and_who_has_ended_does_not(work: Work) -> None:
    work.note([ANA, replace(BEN, final=True)])
    assert names(work.take_due("hub-1", for_s=LONG_S, at_most=8, ripe_s=30.0)) == [BEN.athlete]


def test_a_hub_that_dies_loses_whom_it_has_after_its_seconds(work: Work) -> None:
    work.note([ANA])
    work.take_due("hub-1", for_s=SHORT_S, at_most=8)
    time.sleep(2 * SHORT_S)
    assert names(work.take_due("hub-2", for_s=LONG_S, at_most=8)) == [ANA.athlete]


def test_who_is_kept_is_not_lost(work: Work) -> None:
    work.note([ANA])
    work.take_due("hub-1", for_s=0.3, at_most=8)
    work.keep({lease_of(ANA.athlete): "hub-1"}, for_s=LONG_S)
    time.sleep(0.4)
    assert work.take_due("hub-2", for_s=LONG_S, at_most=8) == []


def test_nobody_keeps_what_another_has(work: Work) -> None:
    assert work.take("rounds", "hub-1", for_s=LONG_S)
    work.keep({"rounds": "hub-2"}, for_s=LONG_S)
    work.give_back("rounds", "hub-2")
    assert work.holder("rounds") == "hub-1"


def test_who_was_judged_is_due_no_more(work: Work) -> None:
    work.note([ANA])
    (taken,) = work.take_due("hub-1", for_s=LONG_S, at_most=8)
    assert work.judged(taken, "hub-1")
    assert work.n_due() == 0
    assert work.holder(lease_of(ANA.athlete)) is None


def test_what_comes_while_somebody_is_judged_is_judged_again_from_the_earlier_day(work: Work) -> None:
    work.note([replace(ANA, final=True)])
    (taken,) = work.take_due("hub-1", for_s=LONG_S, at_most=8)
    work.note([replace(ANA, since=MONDAY)])
    work.judged(taken, "hub-1")
    (again,) = work.take_due("hub-2", for_s=LONG_S, at_most=8)
    assert (again.since, again.final) == (MONDAY, True)


def test_a_hub_that_wakes_up_late_takes_out_nothing_that_is_newer(work: Work) -> None:
    work.note([ANA])
    (late,) = work.take_due("hub-1", for_s=SHORT_S, at_most=8)
    time.sleep(2 * SHORT_S)
    (taken,) = work.take_due("hub-2", for_s=LONG_S, at_most=8)
    work.judged(taken, "hub-2")
    work.note([ANA])
    assert not work.judged(late, "hub-1"), "and it is told so"
    assert work.n_due() == 1


def test_of_many_that_ask_at_once_one_takes(registry_url: str) -> None:
    taken: list[str] = []
    with Registry(registry_url) as registry:
        work = registry.work
        begin = threading.Barrier(8)

        def ask(name: str) -> None:
            begin.wait()
            if work.take("rounds", name, for_s=LONG_S):
                taken.append(name)

        threads = [threading.Thread(target=ask, args=(f"hub-{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [work.holder("rounds")] == taken


def test_what_is_told_is_told_by_one_and_once(work: Work) -> None:
    work.expect(TELLING)
    work.expect(TELLING)
    assert work.claim(TELLING, "hub-1", for_s=LONG_S)
    assert not work.claim(TELLING, "hub-2", for_s=LONG_S)
    work.set_told(TELLING)
    work.expect(TELLING)
    assert not work.claim(TELLING, "hub-2", for_s=LONG_S)
    assert work.untold(older_s=0.0) == []


def test_what_was_claimed_by_a_hub_that_died_is_left_to_be_told(work: Work) -> None:
    work.expect(TELLING)
    assert work.untold(older_s=30.0) == [], "who noted it may be about to tell it"
    work.claim(TELLING, "hub-1", for_s=SHORT_S)
    time.sleep(2 * SHORT_S)
    assert work.untold(older_s=0.0) == [TELLING]
    assert work.claim(TELLING, "hub-2", for_s=LONG_S)


def test_nothing_that_was_never_expected_can_be_claimed(work: Work) -> None:
    assert not work.claim(TELLING, "hub-1", for_s=LONG_S)


def test_nothing_is_left_of_somebody_who_is_erased(registry_url: str) -> None:
    with Registry(registry_url) as registry:
        ana = registry.add_athlete("Ana", "UTC")
        registry.work.note([replace(ANA, athlete=ana.id), BEN])
        registry.work.expect(replace(TELLING, athlete=ana.id))
        registry.work.take(lease_of(ana.id), "hub-1", for_s=LONG_S)
        registry.erasing.begin([ana.id])
        registry.erasing.finish(ana.id)
        tables = registry.erasing.tables()
        assert [row[0] for row in tables["due"]] == [BEN.athlete]
        assert tables["told"] == tables["leases"] == []


def test_what_one_of_two_athletes_was_told_the_merged_one_was_told(registry_url: str) -> None:
    with Registry(registry_url) as registry:
        old, ana = registry.add_athlete("Ana (old)", "UTC"), registry.add_athlete("Ana", "UTC")
        told = replace(TELLING, athlete=old.id)
        registry.work.expect(told)
        registry.work.claim(told, "hub-1", for_s=LONG_S)
        registry.work.set_told(told)
        registry.work.expect(replace(told, scope="session:run-2"))
        registry.work.expect(replace(told, athlete=ana.id, scope="session:run-2"))
        registry.merge_athletes("Ana (old)", "Ana")
        assert not registry.work.claim(replace(told, athlete=ana.id), "hub-2", for_s=LONG_S)
        assert [(one.athlete, one.scope) for one in registry.work.untold(older_s=-1.0)] == [(ana.id, "session:run-2")]


def set_back(registry: Registry, seconds: float) -> None:
    """What stands in the registry after the database's clock was set back by so much."""
    with registry._session(writes=True) as session:
        for row in session.scalars(select(LeaseRow)).all():
            row.until_s += seconds
        for due in session.scalars(select(DueRow)).all():
            due.noted_s += seconds
        for told in session.scalars(select(ToldRow)).all():
            told.noted_s, told.until_s = told.noted_s + seconds, told.until_s + seconds


def test_who_runs_on_while_they_are_judged_waits_behind_the_others(work: Work) -> None:
    work.note([ANA])
    work.note([BEN])
    (taken,) = work.take_due("hub-1", for_s=LONG_S, at_most=1)
    work.note([ANA])
    assert work.judged(taken, "hub-1")
    assert names(work.take_due("hub-1", for_s=LONG_S, at_most=8)) == [BEN.athlete, ANA.athlete]


def test_who_waits_too_long_is_counted(work: Work) -> None:
    work.note([ANA])
    assert (work.n_due(), work.n_due(older_s=60.0)) == (1, 0)
    time.sleep(SHORT_S)
    assert work.n_due(older_s=SHORT_S / 2) == 1


def test_after_a_clock_was_set_back_nobody_waits_for_a_hub_that_died(registry_url: str) -> None:
    with Registry(registry_url) as registry:
        work = registry.work
        work.note([ANA])
        work.note([BEN])
        assert work.take("rounds", "dead", for_s=10.0)
        assert names(work.take_due("dead", for_s=10.0, at_most=1)) == [ANA.athlete]
        work.expect(TELLING)
        assert work.claim(TELLING, "dead", for_s=10.0)
        set_back(registry, 3600.0)
        assert work.take("rounds", "hub-2", for_s=10.0)
        assert work.holder("rounds") == "hub-2"
        assert names(work.take_due("hub-2", for_s=10.0, at_most=8, ripe_s=0.4)) == [ANA.athlete, BEN.athlete]
        assert work.untold(older_s=10.0) == [TELLING]
        assert work.claim(TELLING, "hub-2", for_s=10.0)


def test_what_is_to_be_told_may_be_another_measure_until_it_was_told(work: Work) -> None:
    other = replace(TELLING, finding="f2")
    work.expect(TELLING)
    work.expect(other)
    time.sleep(0.01)
    assert work.untold(older_s=0.0) == [other]
    assert work.claim(other, "hub-1", for_s=LONG_S)
    work.set_told(other)
    work.expect(TELLING)
    assert work.untold(older_s=0.0) == []


def test_a_turn_that_had_to_be_waited_for_lasts_from_when_it_was_got(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    with Registry(url) as registry, Registry(url) as other:
        asking = threading.Thread(target=registry.work.take, args=("rounds", "hub-1"), kwargs={"for_s": 0.6})
        with other._session(writes=True) as session:
            session.execute(select(LeaseRow))
            asking.start()
            time.sleep(1.0)
        asking.join()
        assert other.work.holder("rounds") == "hub-1"
