"""The hub: one subscription, commit, application ack; then page, evaluation and word to the world."""

import logging
import secrets
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.web.server import WebServer
from sensor_hub.adapters.web.site import create_app
from sensor_hub.app.board import Board
from sensor_hub.app.ingest import Digest, Ingest, digest
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import LoadStatus
from sensor_hub.model.ports import Store
from sensor_hub.wire import Topics, encode_ack, encode_dead_letter, encode_finding, encode_load

_LOG = logging.getLogger(__name__)
LOAD_INTERVAL_S: Final = 1.0  # an athlete's retained load is published at most so often


def broker_url(settings: Settings, place: Place, user: str, port: int | None = None) -> str:
    """URL of the broker with credentials: the external one if set, else the embedded one's."""
    external = settings.mqtt.get_secret_value()
    if external:
        return external
    return f"mqtt://{user}:{place.broker_users()[user]}@127.0.0.1:{settings.mqtt_port if port is None else port}"


class Hub:
    """Everything that runs on the hub's side; ``start`` returns when it listens.

    on_finding : told each finding and whether it is a notification (the first certain crossing of a limit).
    """

    def __init__(
        self,
        settings: Settings,
        place: Place,
        *,
        on_finding: Callable[[Finding, bool], None] = lambda _finding, _notify: None,
        web: bool = True,
    ) -> None:
        self.settings, self.place = settings, place
        self.topics = Topics(settings.site)
        self._tell_person = on_finding
        self._load_due: dict[str, Athlete] = {}
        self._stopping = Event()
        self._load_thread = Thread(target=self._publish_loads, name="hub-load", daemon=True)
        self._load_sent: dict[str, LoadStatus] = {}
        self._broker: EmbeddedBroker | None = None
        self._subscriber: Subscriber | None = None
        self._web: WebServer | None = None
        self._with_web = web
        self.registry = Registry(place.registry_url)
        self.store: Store = open_store(
            settings.store.get_secret_value() or place.store_url, token=settings.influx_token.get_secret_value() or None
        )
        self.ingest = Ingest(self.store, self.registry, on_finding=self._on_finding)
        self.board = Board(self.store, self.registry)

    @property
    def page_url(self) -> str | None:
        """Address of the coach's page."""
        return self._web.url if self._web else None

    @property
    def mqtt_url(self) -> str:
        """URL an edge on this machine connects to, with its password."""
        return broker_url(self.settings, self.place, "edge", self._broker.port if self._broker else None)

    def start(self) -> None:
        """Start broker, ingest and page; an error leaves nothing running."""
        try:
            if not self.settings.mqtt.get_secret_value():
                users = self.place.broker_users()
                self._broker = EmbeddedBroker("127.0.0.1", self.settings.mqtt_port, users=users)
                self._broker.start()
            url = broker_url(self.settings, self.place, "hub", self._broker.port if self._broker else None)
            self._subscriber = Subscriber(url, f"hub-{self.settings.site}", self.topics.from_edges, self._on_batch)
            self._subscriber.start()
            self._subscriber.wait_connected(15.0)
            self._publish_retained()
            self._load_thread.start()
            if self._with_web:
                app = create_app(self.board, storage_secret=secrets.token_urlsafe(32))
                self._web = WebServer(app, self.settings.web_host, self.settings.web_port)
                self._web.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End page, ingest and broker, in this order, and close store and registry."""
        self._stopping.set()
        if self._load_thread.is_alive():
            self._load_thread.join()
        for part in (self._web, self._subscriber, self._broker):
            if part is not None:
                part.stop()
        self._web = self._subscriber = self._broker = None
        self.store.close()
        self.registry.close()

    def _on_batch(self, batch: list[Incoming]) -> None:
        """Commit first; only then ack, page and evaluation. StoreError leaves the batch unacknowledged."""
        found = digest((m.topic, m.payload) for m in batch)
        self.ingest.commit(found.envelopes, found.dead)
        subscriber = self._subscriber
        if subscriber is None:
            return
        for ack in found.due():
            subscriber.publish(encode_ack(ack, self.topics))
        try:
            self._after_commit(found, subscriber)
        except StoreError:
            raise  # the same batch comes again; committing it twice changes nothing
        except Exception:
            # Composition root: what is committed must be acknowledged, or it would come back for ever.
            _LOG.exception("a committed batch could not be judged or shown")

    def _after_commit(self, found: Digest, subscriber: Subscriber) -> None:
        for reading in found.live:
            self.board.hear(reading)
        for dead in found.dead:
            subscriber.publish(encode_dead_letter(dead, self.topics))
        for athlete in self.ingest.judge_changes(found.envelopes):
            self.board.welcome(athlete)
            self.board.touch(athlete.id)
            self._load_due[athlete.id] = athlete

    def _on_finding(self, finding: Finding, notify: bool) -> None:
        self.board.touch(finding.athlete, heard=False)
        if self._subscriber is not None:
            self._subscriber.publish(encode_finding(finding, self.topics))
        self._tell_person(finding, notify)

    def _publish_loads(self) -> None:
        """Publish what changed, an athlete at most once an interval; the last change is never left out."""
        while not self._stopping.wait(LOAD_INTERVAL_S):
            self._publish_due_loads()

    def _publish_due_loads(self) -> None:
        due, self._load_due = self._load_due, {}
        for athlete in due.values():
            try:
                status = self.board.load(athlete)
            except StoreError:
                self._load_due.setdefault(athlete.id, athlete)
                continue
            if self._subscriber is not None and status != self._load_sent.get(athlete.id):
                self._load_sent[athlete.id] = status
                self._subscriber.publish(encode_load(status, self.topics))

    def _publish_retained(self) -> None:
        """A broker may have forgotten; say again what stands."""
        if self._subscriber is None:
            return
        for finding in self.store.findings():
            self._subscriber.publish(encode_finding(finding, self.topics))
        self._load_due = {athlete.id: athlete for athlete in self.registry.athletes()}
        self._publish_due_loads()
