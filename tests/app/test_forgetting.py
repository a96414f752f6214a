"""What a hub does with messages about people who were erased."""

from sensor_hub.adapters.registry.erasing import Erasures, digest_of
from sensor_hub.app.digest import Digest
from sensor_hub.app.person.forgetting import athlete_of_topic, without_erased
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.session import LiveReading, SessionStarted
from tests.adapters.storage.runs import START_UTC, header, totals

SALT = "00ff"
ERASED = Erasures(SALT, frozenset({digest_of("gonegone", SALT)}))
GONE, STAYS = header(athlete="gonegone"), header(athlete="stays222")


def batch() -> Digest:
    live = [LiveReading(of, START_UTC, "L", 170.0, 0.2, totals(1)) for of in (GONE, STAYS)]
    envelopes = [Envelope("edge-1", n, SessionStarted(of, START_UTC, ())) for n, of in enumerate((GONE, STAYS))]
    dead = [
        DeadLetter("sensorhub/v1/home/ath/gonegone/live", b"\xff", "not JSON"),
        DeadLetter("x", b'{"ath":"gonegone"', "not JSON", "edge-1", 2),
        DeadLetter("x", b'{"ath":"stays222"', "not JSON", "edge-1", 3),
    ]
    return Digest(envelopes, dead, live, {"edge-1": [0, 1, 2, 3]})


def test_nothing_of_the_erased_is_kept_or_shown_and_everything_is_acknowledged() -> None:
    found = without_erased(batch(), ERASED)
    assert [e.event.header.athlete for e in found.envelopes] == ["stays222"]
    assert [reading.header.athlete for reading in found.live] == ["stays222"]
    assert [letter.seq for letter in found.dead] == [3]
    assert found.acks == batch().acks


def test_where_nobody_was_erased_everything_stays() -> None:
    assert without_erased(batch(), Erasures()) == batch()
    assert "gonegone" not in Erasures()


def test_a_hash_with_another_salt_tells_nothing() -> None:
    assert "gonegone" in ERASED
    assert "gonegone" not in Erasures("other", ERASED.digests)


def test_a_topic_is_about_whom_it_names() -> None:
    assert athlete_of_topic("sensorhub/v1/home/ath/abc/load") == "abc"
    assert athlete_of_topic("sensorhub/v1/home/dev/abc/state") == ""
