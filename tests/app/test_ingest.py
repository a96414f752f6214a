"""Messages in: sorted, committed, then judged; told once, whatever comes twice, late or from strangers."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.digest import KEPT_BYTES, digest
from sensor_hub.app.ingest import Ingest
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import DecodeFailed, Event, GapFound
from sensor_hub.wire import MOST_BYTES, Topics, encode
from tests.app.histories import NOW_UTC, ended, envelopes, header, history, keep, live, running, started

ANA = Athlete("ana22222", "Ana", "UTC")
TOPICS = Topics()


def sent(event: Event, seq: int, gw: str = "edge-1") -> tuple[str, bytes]:
    message = encode(event, topics=TOPICS, gw=gw, seq=seq)
    return message.topic, message.payload


# --- digest ----------------------------------------------------------------------------------------------------------


def test_a_batch_is_sorted_into_what_is_kept_shown_and_unusable() -> None:
    of = header(ANA, "run-1")
    start, step = started(of, NOW_UTC), running(of, NOW_UTC, 1.0)
    found = digest([sent(start, 7), sent(live(of, NOW_UTC), 0), sent(step, 8), sent(start, 3, "edge-2")])
    assert [(e.gw, e.seq, type(e.event).__name__) for e in found.envelopes] == [
        ("edge-1", 7, "SessionStarted"), ("edge-1", 8, "StepBatch"), ("edge-2", 3, "SessionStarted"),
    ]  # fmt: skip
    assert found.live == [live(of, NOW_UTC)]
    assert found.dead == []
    assert {a.gw: list(a.seqs) for a in found.due()} == {"edge-1": [7, 8], "edge-2": [3]}


def test_what_cannot_be_read_is_a_dead_letter_with_its_reason_and_is_acknowledged() -> None:
    topic, payload = sent(started(header(ANA, "run-1"), NOW_UTC), 9)
    broken = json.dumps(json.loads(payload) | {"origin": "dream"}).encode()
    found = digest([(topic, broken)])
    assert found.envelopes == []
    (dead,) = found.dead
    assert (dead.topic, dead.payload, dead.gw, dead.seq) == (topic, broken, "edge-1", 9)
    assert "origin" in dead.reason
    assert "dream" in dead.reason
    assert [(a.gw, list(a.seqs)) for a in found.due()] == [("edge-1", [9])]


def test_what_does_not_even_say_its_sender_is_kept_and_cannot_be_acknowledged() -> None:
    found = digest([("t", b"\xff\xfe"), ("t", b"{}"), ("t", b"[1]")])
    assert [(d.gw, d.seq) for d in found.dead] == [(None, None)] * 3
    assert found.due() == []


@given(st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=40))))
def test_any_bytes_end_in_one_of_three_places(messages: list[tuple[str, bytes]]) -> None:
    found = digest(messages)
    assert len(found.envelopes) + len(found.dead) + len(found.live) == len(messages)


# --- commit, then judge ----------------------------------------------------------------------------------------------


def is_distance_limit(finding: Finding) -> bool:
    return (finding.rule, finding.measure) == ("session-limit", "distance_m")


class Told:
    """Remembers what was told, and what the store knew at that moment."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self.store = store
        self.findings: list[tuple[Finding, bool]] = []
        self.known_then: list[bool] = []
        self.ingest = Ingest(store, registry, on_finding=self.tell, clock=lambda: NOW_UTC)

    def tell(self, finding: Finding, notify: bool) -> None:
        self.findings.append((finding, notify))
        sid = finding.scope.removeprefix("session:")
        self.known_then.append(finding.scope != f"session:{sid}" or self.store.session(sid) is not None)

    def take(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> set[str]:
        """Commit and judge; return whom it concerned."""
        return {athlete.id for athlete in self.ingest.take(envelopes, dead)}

    def notified(self) -> list[str]:
        return [f.measure for f, notify in self.findings if notify]


@pytest.fixture
def ana(registry: Registry) -> Athlete:
    return registry.add_athlete("Ana", "UTC")


@pytest.fixture
def told(store: SqliteStore, registry: Registry, ana: Athlete) -> Told:
    keep(store, history(ana), "season")
    return Told(store, registry)


def test_a_crossing_is_told_after_it_is_stored(told: Told, ana: Athlete) -> None:
    of = header(ana, "run-1")
    assert told.take(envelopes([started(of, NOW_UTC), running(of, NOW_UTC, 7.0)])) == {ana.id}
    assert told.notified() == ["distance_m"], "one notification a rule and run, of the first measure above"
    assert all(told.known_then)
    alerts = {f.measure for f in told.store.findings(ana.id) if f.severity == "alert"}
    assert alerts == {"distance_m", "hard_load_bw_s", "load_eq_km"}


def test_the_same_batch_twice_tells_once(told: Told, ana: Athlete) -> None:
    batch = envelopes([running(header(ana, "run-1"), NOW_UTC, 7.0)])
    told.ingest.take(batch)
    before, n_told = told.store.findings(), len(told.findings)
    told.ingest.take(batch)
    assert len(told.findings) == n_told
    assert told.store.findings() == before
    assert n_told > 0


def test_a_rise_is_told_and_does_not_notify_again(told: Told, ana: Athlete) -> None:
    of = header(ana, "run-1")
    levels = []
    for seq, km in enumerate((5.0, 5.2, 5.6, 7.0, 11.0), start=1):
        n_before = len(told.findings)
        told.ingest.take(envelopes([running(of, NOW_UTC, km)], first_seq=seq))
        news = [
            (f.level, n) for f, n in told.findings[n_before:] if (f.rule, f.measure) == ("session-limit", "distance_m")
        ]
        levels += news
    assert levels == [("near", False), ("near", False), ("limit", True), ("over-30", False), ("over-100", False)]
    stored = [f for f in told.store.findings(ana.id) if is_distance_limit(f)]
    assert [f.level for f in stored] == ["over-100"]
    assert stored[0].first_utc < stored[0].updated_utc


def test_what_is_no_longer_true_is_told_as_withdrawn(told: Told, ana: Athlete) -> None:
    of = header(ana, "run-1")
    told.ingest.take(envelopes([running(of, NOW_UTC, 7.0)]))
    n_before = len(told.findings)
    longer = ended(header(ana, "found-later"), NOW_UTC - timedelta(days=3), 8.0)
    told.ingest.take(envelopes([longer], gw="import-x"))
    news = [f for f, notify in told.findings[n_before:] if f.scope == "session:run-1" and not notify]
    assert {f.measure for f in news} == {"distance_m", "hard_load_bw_s", "load_eq_km"}
    assert all(f.withdrawn and f.updated_utc > NOW_UTC - timedelta(days=3) for f in news)


def test_what_the_store_refuses_is_not_told(told: Told, ana: Athlete) -> None:
    told.store.close()
    with pytest.raises(StoreError):
        told.ingest.take(envelopes([running(header(ana, "run-1"), NOW_UTC, 7.0)]))
    assert told.findings == []


def test_dead_letters_are_kept_with_their_reason(told: Told) -> None:
    letter = DeadLetter("t", b"x", "message: not JSON", "edge-1", 4)
    assert told.take([], [letter]) == set()
    assert told.store.dead_letters() == [letter]
    assert told.store.received("edge-1") == [(4, 4)]


def test_a_notification_that_was_not_decoded_changes_nobody(told: Told, ana: Athlete) -> None:
    of = header(ana, "run-1")
    assert told.take(envelopes([DecodeFailed(of, "pod-1", "2a53", NOW_UTC, "2 bytes")])) == set()


def test_a_gap_changes_the_athlete_it_belongs_to(told: Told, ana: Athlete) -> None:
    of = header(ana, "run-1")
    told.ingest.take(envelopes([started(of, NOW_UTC)]))
    gap = GapFound(of, "pod-1", NOW_UTC, NOW_UTC + timedelta(seconds=9), "silence")
    assert told.take(envelopes([gap], first_seq=2)) == {ana.id}


# --- strangers and the merged ----------------------------------------------------------------------------------------


def test_an_athlete_of_a_foreign_edge_gets_a_stand_in_and_is_judged(told: Told) -> None:
    stranger = Athlete("fjord222", "fjord222", "Asia/Tokyo")
    assert told.ingest.athlete(header(stranger, "run-2", zone="Asia/Tokyo")) == stranger
    keep(told.store, history(stranger), "season-2")
    of = header(stranger, "run-2", zone="Asia/Tokyo")
    assert told.take(envelopes([running(of, NOW_UTC, 7.0)], gw="edge-2")) == {"fjord222"}
    assert "distance_m" in told.notified()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe", "\0", "Europe/Berlin\n"])
def test_a_zone_that_is_none_does_not_keep_others_from_being_judged(told: Told, ana: Athlete, zone: str) -> None:
    odd = running(header("odd22222", "run-odd", zone=zone), NOW_UTC, 7.0)
    mine = running(header(ana, "run-1"), NOW_UTC, 7.0)
    assert told.ingest.athlete(odd.header).zone == "UTC"
    assert told.take(envelopes([odd, mine])) == {"odd22222", ana.id}
    assert "distance_m" in told.notified()


def test_a_late_message_of_a_merged_athlete_belongs_to_the_one_who_stayed(
    either_store: Store, registry: Registry
) -> None:
    old, new = registry.add_athlete("Ana (old)", "UTC"), registry.add_athlete("Ana", "UTC")
    told = Told(either_store, registry)
    keep(either_store, history(new), "season")
    first = envelopes([started(header(old, "run-1"), NOW_UTC), running(header(old, "run-1"), NOW_UTC, 2.0)])
    assert told.take(first) == {old.id}
    either_store.reassign(old.id, new.id)
    registry.merge_athletes(old.id, new.id)
    late = envelopes([running(header(old, "run-1"), NOW_UTC, 7.0)], first_seq=3)
    assert told.take(late) == {new.id}
    assert either_store.sessions(old.id) == []
    newest = either_store.sessions(new.id)[-1]
    assert (newest.header.sid, newest.totals.distance_m) == ("run-1", 7000.0)
    assert {f.athlete for f, _ in told.findings} == {new.id}
    assert "distance_m" in told.notified()
    assert {f.athlete for f in either_store.findings()} == {new.id}
    told.ingest.take([*first, *late])
    assert either_store.sessions(old.id) == []


def test_an_imported_run_notifies_only_while_it_is_fresh(told: Told, ana: Athlete) -> None:
    long_ago = header(ana, "old-import", origin="import")
    told.ingest.take(envelopes([ended(long_ago, NOW_UTC - timedelta(days=4), 7.0)], gw="import-1"))
    assert told.findings
    assert told.notified() == []
    fresh = header(ana, "new-import", origin="import")
    told.ingest.take(envelopes([ended(fresh, NOW_UTC - timedelta(hours=20), 9.0)], gw="import-2"))
    assert "distance_m" in told.notified()


def test_whoever_was_erased_since_the_last_batch_is_not_judged_and_whoever_came_back_is(
    told: Told, registry: Registry, ana: Athlete
) -> None:
    bea = registry.add_athlete("Bea", "UTC")
    of = header(ana, "run-1")
    told.take(envelopes([started(of, NOW_UTC)]))
    n_before = len(told.findings)
    batch = envelopes([running(of, NOW_UTC, 7.0)], first_seq=2)
    with Registry(registry.url) as another_process:
        another_process.erasing.begin([ana.id, bea.id])
    told.ingest.take(batch)
    assert told.findings[n_before:] == []
    registry.erasing.lift([ana.id])
    told.ingest.judge_changes(batch)
    assert told.notified() == ["distance_m"]


def test_a_replay_is_kept_and_not_judged(told: Told, ana: Athlete) -> None:
    told.ingest.take(envelopes([ended(header(ana, "again", origin="replay"), NOW_UTC, 9.0)]))
    assert told.findings == []
    assert told.store.session("again") is not None


# --- topics ----------------------------------------------------------------------------------------------------------


def test_of_a_message_that_no_store_takes_whole_the_beginning_is_kept_and_it_is_acknowledged() -> None:
    topic, payload = sent(started(header(ANA, "run-1"), NOW_UTC), 9)
    huge = json.dumps(json.loads(payload) | {"devices": [MOST_BYTES * "x"]}).encode()
    found = digest([(topic, huge)])
    assert [(dead.payload, dead.gw, dead.seq) for dead in found.dead] == [(huge[:KEPT_BYTES], "edge-1", 9)]
    assert f"{len(huge)} bytes" in found.dead[0].reason
    assert (found.envelopes, found.acks) == ([], {"edge-1": [9]})


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (GapFound(header(ANA, "run-1"), "p" * 501, NOW_UTC, NOW_UTC, "silence"), "device"),
        (started(replace(header(ANA, "run-1"), zone="z" * 501), NOW_UTC), "tz"),
        (DecodeFailed(header(ANA, "run-1"), "pod", "c" * 70_000, NOW_UTC, "short"), "characteristic"),
    ],
)
def test_a_name_too_long_for_the_key_of_a_store_is_a_dead_letter(event: Event, named: str) -> None:
    found = digest([sent(event, 4)])
    assert (found.envelopes, found.acks) == ([], {"edge-1": [4]})
    assert f"'{named}' has" in found.dead[0].reason


def test_a_reason_never_grows_with_what_it_quotes() -> None:
    topic, payload = sent(started(header(ANA, "run-1"), NOW_UTC), 9)
    (dead,) = digest([(topic, json.dumps(json.loads(payload) | {"origin": 100_000 * "x"}).encode())]).dead
    assert "'origin' is 'xxx" in dead.reason
    assert len(dead.reason) < 600


@pytest.mark.parametrize(
    "topic", ["ath/else/s/run-1/steps", "ath/ana22222/s/run-2/steps", "ath/else/live", "ath", "x/y"]
)
def test_a_message_about_somebody_else_than_its_topic_says_is_a_dead_letter(topic: str) -> None:
    of = header("ana22222", "run-1")
    payload = encode(running(of, NOW_UTC, 3.0), topics=Topics(), gw="edge-1", seq=7).payload
    found = digest([(f"{Topics().base}/{topic}", payload)])
    assert (found.envelopes, [dead.seq for dead in found.dead]) == ([], [7])
    assert found.acks == {"edge-1": [7]}


def test_a_display_name_is_no_pseudonym(told: Told, ana: Athlete) -> None:
    assert told.ingest.athlete(header("ana", "run-1")).id == "ana"
    assert ana.display_name == "Ana"
