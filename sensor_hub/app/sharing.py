"""Several hubs as one: what each of them needs, and how the work is shared out."""

from collections.abc import Callable, Sequence

from sensor_hub.adapters.mqtt.subscriber import Incoming, OnBatch, Subscriber
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.board import Board
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.judging.queued import Queued
from sensor_hub.app.judging.telling import TellingOnce
from sensor_hub.app.judging.turns import ROUNDS, Turns
from sensor_hub.app.loads.referencing import OwnReferences
from sensor_hub.app.notifying.notifying import TURN as NOTIFYING
from sensor_hub.app.person.forgetting import athlete_of_topic
from sensor_hub.app.publishing import Publishing
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Message
from sensor_hub.model.session import LiveReading
from sensor_hub.wire import Topics


def check_shared(settings: Settings) -> None:
    """Raise ConfigError where several hubs could not work as one; nothing where one works alone."""
    if not settings.shared:
        return
    lacking = {
        "broker (setting mqtt, or --mqtt): the embedded one is this hub's alone": settings.mqtt,
        "store (setting store, or --store): InfluxDB, or on one machine sqlite:///PATH": settings.store,
        "registry (setting registry): PostgreSQL, or on one machine sqlite:///PATH": settings.registry,
    }
    for what, setting in lacking.items():
        if not setting.get_secret_value():
            raise ConfigError(f"hubs that share need the same {what}")


def subscriber_of(
    settings: Settings,
    topics: Topics,
    url: str,
    client_id: str,
    on_batch: OnBatch,
    on_connected: Callable[[], None] = lambda: None,
    beside: tuple[Sequence[str], Callable[[Incoming], None]] = ((), lambda _incoming: None),
    will: Message | None = None,
) -> Subscriber:
    """Return what takes messages in: all of them, or among other hubs a share of what is kept and all of the rest.

    beside : topics that every hub hears at once, and who is told of them. will : said by the broker if we vanish.
    """
    heard, on_beside = beside
    if not settings.shared:
        batched = [topic for topic in topics.from_edges if topic not in heard]
        return Subscriber(url, client_id, batched, on_batch, beside=heard, on_beside=on_beside, will=will)
    return Subscriber(
        url,
        client_id,
        [topic for topic in (topics.live_readings, *topics.said_by_hubs) if topic not in heard],
        on_batch,
        shared_filters=(topics.sessions,),
        session_expiry_s=0,
        republishes=False,
        on_connected=on_connected,
        beside=heard,
        on_beside=on_beside,
        will=will,
    )


class Share:
    """One hub's part among several: it judges and tells in turn, and hears what the others say.

    on_finding : told every new or changed finding. tell_person : told the same, and whether it is news.
    """

    def __init__(
        self,
        store: KeptStore,
        registry: Registry,
        *,
        on_finding: Callable[[Finding, bool], None],
        tell_person: Callable[[Finding, bool], None],
    ) -> None:
        self.turns = Turns(registry.work)
        telling = TellingOnce(registry.work, self.turns, tell_person)
        self.ingest = Ingest(store, registry, on_finding=on_finding, alone=self.turns.of, expect=telling.expect)
        self.judging = Queued(self.ingest, registry.work, self.turns, telling, on_judged=self._on_judged)
        self._met: set[str] = set()

    def show(self, board: Board, publishing: Publishing, references: OwnReferences) -> None:
        """Say where what others say is shown; before anything is heard."""
        self._board, self._publishing, self._references = board, publishing, references

    def has_rounds(self) -> bool:
        """Whether it is this hub that does what one does at a time."""
        return self.turns.has(ROUNDS)

    def has_notifying(self) -> bool:
        """Whether it is this hub that sends messages to people."""
        return self.turns.has(NOTIFYING)

    def without_said(self, batch: list[Incoming]) -> list[Incoming]:
        """Take out what hubs have said of people, this one too: it stands on the broker, and a page has to look again.

        So what another hub committed is on every hub's page as soon as somebody has judged it.
        """
        rest = []
        for message in batch:
            if message.topic.partition("/ath/")[2].split("/")[1:2] not in (["load"], ["alert"]):
                rest.append(message)
                continue
            self._publishing.heard(message.topic, message.payload)
            self._board.touch(athlete_of_topic(message.topic), heard=False)
        return rest

    def meet(self, reading: LiveReading) -> None:
        """Show an athlete whom only an edge knows: another hub may be the one that commits what they ran."""
        if reading.header.athlete not in self._met:
            self._board.welcome(self.ingest.athlete(reading.header))
            self._met.add(reading.header.athlete)

    def _on_judged(self, athlete: Athlete, final: bool) -> None:
        """Say the load of somebody who was just judged, whom no other hub judges now."""
        self._board.touch(athlete.id, heard=False)
        self._publishing.load(athlete)
        if final:
            self._references.note(athlete.id)
