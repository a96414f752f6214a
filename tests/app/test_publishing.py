"""What stands on the broker: said when it changes, believed as it is heard, cleared when it is gone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

from sensor_hub.app.board import Board
from sensor_hub.app.person.forgetting import athlete_of_topic
from sensor_hub.app.publishing import Publishing
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics, encode_finding

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FINDING = Finding(
    "ana-id", "session-limit", "session:run-1", "distance_m", "limit", "alert", "above", 1.0, 20_000.0, 8_000.0,
    8_800.0, 30, "normal", False, NOON, NOON, "live",
)  # fmt: skip
GROWN = replace(FINDING, value=21_000.0)
TOPICS = Topics()


@dataclass
class Broker:
    up: bool = True
    said: list[Message] = field(default_factory=list)

    def publish(self, message: Message) -> bool:
        if self.up:
            self.said.append(message)
        return self.up


def publishing(broker: Broker, *, hears_itself: bool) -> Publishing:
    return Publishing(cast(Board, None), TOPICS, broker.publish, hears_itself=hears_itself)


def test_what_another_hub_said_is_not_said_again() -> None:
    broker = Broker()
    mine, said = publishing(broker, hears_itself=True), encode_finding(FINDING, TOPICS)
    mine.heard(said.topic, said.payload)
    assert mine.findings([FINDING]) == set()
    assert mine.findings([GROWN]) == {"ana-id"}
    assert broker.said == [encode_finding(GROWN, TOPICS)]


def test_what_another_hub_said_and_nobody_stores_any_more_is_cleared() -> None:
    broker = Broker()
    mine, said = publishing(broker, hears_itself=True), encode_finding(FINDING, TOPICS)
    mine.heard(said.topic, said.payload)
    mine.findings([])
    assert broker.said == [Message(said.topic, b"", 1, True)]
    mine.findings([])
    assert len(broker.said) == 1, "once"


def test_what_could_not_be_said_does_not_stand() -> None:
    broker = Broker(up=False)
    mine = publishing(broker, hears_itself=True)
    mine.finding(FINDING)
    broker.up = True
    mine.findings([FINDING])
    assert broker.said == [encode_finding(FINDING, TOPICS)]


def test_after_a_new_connection_only_what_the_broker_says_stands() -> None:
    broker = Broker()
    mine = publishing(broker, hears_itself=True)
    mine.finding(FINDING)
    mine.connected()
    assert not mine.is_settled
    mine.findings([FINDING])
    assert len(broker.said) == 2, "a broker that has forgotten it is told again"


def test_a_hub_alone_clears_what_it_cannot_know_of() -> None:
    broker = Broker()
    gone = replace(FINDING, withdrawn=True)
    publishing(broker, hears_itself=False).findings([gone])
    assert broker.said == [encode_finding(gone, TOPICS)], "it may stand there from before this hub was started"


def test_among_others_what_was_never_heard_is_not_cleared() -> None:
    broker = Broker()
    publishing(broker, hears_itself=True).findings([replace(FINDING, withdrawn=True)])
    assert broker.said == []


class AwayOnce:
    """A board whose registry is away the first time."""

    def __init__(self) -> None:
        self.n_asked = 0

    def load(self, athlete: Athlete) -> LoadStatus:
        self.n_asked += 1
        if self.n_asked == 1:
            raise RegistryError("away")
        return LoadStatus(athlete.id, "UTC", "2026-11-20", None, None, None, None, (), "live")


def test_whose_load_cannot_be_looked_at_stays_due_with_everybody_after_them() -> None:
    broker, board = Broker(), AwayOnce()
    mine = Publishing(cast(Board, board), TOPICS, broker.publish)
    mine.due([Athlete("ana-id", "Ana", "UTC"), Athlete("ben-id", "Ben", "UTC")])
    mine.publish_due()
    mine.publish_due()
    assert sorted(athlete_of_topic(message.topic) for message in broker.said) == ["ana-id", "ben-id"]
