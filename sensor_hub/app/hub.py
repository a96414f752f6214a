"""The hub: one subscription, commit, application ack; then page, evaluation and word to the world."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from typing import IO

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.broker import EmbeddedBroker
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.adapters.notify import Sender
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.erasing import Erasures
from sensor_hub.adapters.storage import open_store
from sensor_hub.adapters.web.server import WebServer
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.app.accounts.opening import make_first_admin
from sensor_hub.app.board import Board
from sensor_hub.app.broker_access import AccessKeeper, open_broker
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.rostering import Rostering
from sensor_hub.app.counting import Counts
from sensor_hub.app.digest import Digest, digest
from sensor_hub.app.guiding.guide import Guiding
from sensor_hub.app.guiding.rules import Book
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.home_assistant import HomeAssistant
from sensor_hub.app.housekeeping import chores
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.judging.inline import Inline, OneAtATime
from sensor_hub.app.judging.port import Judging
from sensor_hub.app.loads.referencing import OwnReferences
from sensor_hub.app.marking import Marking
from sensor_hub.app.newcomers.newcomers import HubNewcomers
from sensor_hub.app.newcomers.simulated_runs import SimulatedRuns
from sensor_hub.app.notifying.addressing import HubAddressees
from sensor_hub.app.notifying.notifying import Notifying
from sensor_hub.app.people import local_zone
from sensor_hub.app.person.forgetting import athlete_of_topic, erasures_of, without_erased
from sensor_hub.app.person.person_data import HubData
from sensor_hub.app.place import Place, broker_url, own_profiles, registry_in_use
from sensor_hub.app.publishing import Publishing
from sensor_hub.app.recently import Recently
from sensor_hub.app.rounds import Rounds, always
from sensor_hub.app.sensors import HubSensors
from sensor_hub.app.sensors.edges import Edges
from sensor_hub.app.sensors.said import Said
from sensor_hub.app.sharing import Share, check_shared, subscriber_of
from sensor_hub.app.showing.live_inbox import LiveInbox
from sensor_hub.app.sids import new_sid
from sensor_hub.app.speaking import Speakers
from sensor_hub.app.watching import Watching
from sensor_hub.app.web_page import page_of
from sensor_hub.config import Settings
from sensor_hub.edits.same_run import source_kind
from sensor_hub.errors import RegistryError, StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.message import Message
from sensor_hub.model.session import LiveReading, SessionSummary
from sensor_hub.wire import Topics, encode_ack, encode_dead_letter

_LOG = logging.getLogger(__name__)


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
        check_shared(settings)
        self.settings, self.place = settings, place
        self.topics = Topics(settings.site)
        self._tell_person = on_finding
        self._counts = Counts(self.trouble, self._inbox)
        self._lock_file: IO[str] | None = None
        self._broker: EmbeddedBroker | None = None
        self._access: AccessKeeper | None = None
        self._subscriber: Subscriber | None = None
        self._web: WebServer | None = None
        self._simulated_runs = SimulatedRuns(self._on_batch, self.topics)
        self._with_web = web
        self.registry = Registry(registry_in_use(settings, place))
        self._speakers = Speakers(self.registry)
        token = settings.influx_token.get_secret_value() or None
        recorded = open_store(settings.store.get_secret_value() or place.store_url, token=token)
        self.store = KeptStore(recorded, self.registry, shared=settings.shared)
        self.judging: Judging
        self._share: Share | None = None
        if settings.shared:
            told = {"on_finding": self._on_finding, "tell_person": on_finding}
            self._share = Share(self.store, self.registry, **told)
            self.ingest, self.judging = self._share.ingest, self._share.judging
        else:
            alone = OneAtATime().of
            known = Recently(self.registry.known)
            self.ingest = Ingest(self.store, self.registry, on_finding=self._on_finding, alone=alone, known=known)
            self.judging = Inline(self.ingest, on_finding)
        self.keeping = HistoryKeeping(self.store, self.registry, self.ingest, on_change=self._on_edited)
        self.guide = Guiding(self.store, self.registry, self.ingest, self.keeping, on_change=self._on_said)
        self.references = OwnReferences(self.ingest)
        self.accounts = HubAccounts(self.registry)
        self.marks = Marking(self.registry, on_change=self._on_marked)
        self.board = Board(self.store, self.registry, guide=self.guide)
        self.board.ask_trouble_of(self.trouble)
        self._edges = Edges(self.topics, self._ask_edge, Said())
        self.sensors = HubSensors(
            self.registry, self._edges, cache(lambda: all_profiles(own_profiles(settings))), local_zone(settings),
            on_change=self.board.look_around,
        )  # fmt: skip
        self.board.ask_batteries_of(self.sensors.batteries)
        self.board.ask_squads_of(self.registry.squads.of_athletes)
        self._live = LiveInbox(self._on_live)
        self._erased = Recently(erasures_of)
        self.publishing = Publishing(self.board, self.topics, self._publish, hears_itself=settings.shared)
        self._watching = Watching(
            self.ingest, self.board, self.guide, self.keeping, self.references, self.publishing,
            forget_topics=self._forget_topics,
        )  # fmt: skip
        if self._share is not None:
            self._share.show(self.board, self.publishing, self.references)
        is_ours = always if self._share is None else self._share.has_rounds
        self._home = HomeAssistant(
            self.registry, self.board, self.topics, hub=place.hub_id(), folder=place.root,
            wanted=settings.home_assistant, names=settings.home_assistant_names, publish=self._publish,
            forget=self._forget, page_url=settings.page_url,
        )  # fmt: skip
        rounds = [*self._watching.chores(), *self._home.chores()]
        self._rounds = Rounds(rounds, is_ours=is_ours, on_turn=self._on_turn)
        self._sender = Sender(private=settings.notify_private)
        sends = always if self._share is None else self._share.has_notifying
        self._notifying = Notifying(
            self.registry, self.store, self.guide, self._sender, page_url=settings.page_url, is_ours=sends
        )
        # beside: it may take long
        self._housekeeping = Rounds(chores(self.store, settings.keep_steps_days), is_ours=is_ours)

    @property
    def page_url(self) -> str | None:
        """Address of the coach's page."""
        return self._web.url if self._web else None

    @property
    def broker_shown(self) -> str:
        """Where the broker is, for a person, without a password."""
        return str(BrokerAddress.parse(self.mqtt_url)) if self._broker is None else self._broker.url("edge")

    @property
    def mqtt_url(self) -> str:
        """URL an edge on this machine connects to, with its password."""
        return broker_url(self.settings, self.place, "edge", self._broker.inner_port if self._broker else None)

    def trouble(self) -> str | None:
        """Why nothing is being taken in, for a person; None if all is well."""
        problem = self._subscriber.problem if self._subscriber is not None else None
        return None if problem is None else str(problem)

    def _inbox(self) -> tuple[int, int]:
        subscriber = self._subscriber
        return (0, 0) if subscriber is None else (subscriber.waiting, subscriber.dropped)

    def start(self) -> None:
        """Start broker, ingest and page; an error leaves nothing running."""
        try:
            self._lock_file = self.place.lock_for_hub()
            make_first_admin(self.accounts, self.settings)
            if not self.settings.mqtt.get_secret_value():
                self._broker = open_broker(self.settings, self.place)
                self._broker.start()
            self._access = AccessKeeper(self.settings, self.registry, self._broker)
            self._access.start()
            url = broker_url(self.settings, self.place, "hub", self._broker.inner_port if self._broker else None)
            client_id = f"hub-{self.settings.site}-{self.place.hub_id()}"
            on_connected = self._on_connected
            at_once = (self.topics.live_readings, *self._edges.topic_filters, *self._home.topic_filters)
            beside = (at_once, self._hear_beside)
            self._subscriber = subscriber_of(
                self.settings, self.topics, url, client_id, self._on_batch, on_connected, beside, self._home.will()
            )
            self.judging.start()
            self._live.start()
            self._edges.start()
            self._subscriber.start()
            self._subscriber.wait_connected(15.0)
            if self._share is None:
                self._watching.at_start()
            self._rounds.start()
            self._housekeeping.start()
            self._notifying.start()
            if self._with_web:
                self._web = page_of(
                    self.settings, self.board, self._write_side(), self.accounts, self._counts.routers()
                )
                self._web.start()
        except BaseException:
            self.stop()
            raise

    def _write_side(self) -> WriteSide:
        """What the pages and REST change things with."""
        port = self.settings.mqtt_port if self._broker is None else self._broker.port  # any free one, where 0 was asked
        settings = self.settings.model_copy(update={"data_dir": self.place.root, "mqtt_port": port})
        zone, profiles = local_zone(settings), all_profiles(own_profiles(settings))
        data = HubData(settings, self.registry, self.keeping)
        return WriteSide(
            keeping=self.keeping,
            guide=self.guide,
            rules=Book(),
            marks=self.marks,
            squads=self.registry.squads,
            addressees=HubAddressees(self.registry, self._sender, page_url=self.settings.page_url),
            data=data,
            newcomers=HubNewcomers(
                self.registry, self.ingest, self._simulated_runs, erase=data.erase, on_change=self._on_marked
            ),
            roster=Rostering(self.registry, profiles, zone),
            sensors=self.sensors,
            new_sid=new_sid,
            source_kind=source_kind,
        )

    def stop(self) -> None:
        """End page, ingest and broker, in this order, close store and registry; a fault of one keeps none from it."""
        with ExitStack() as stack:
            if self._lock_file is not None:
                stack.callback(self._lock_file.close)
            stack.callback(self.registry.close)
            stack.callback(self.store.close)
            # Judging twice: what is judged while there is a connection is said, and then nothing taken in is left.
            ingest = (self.judging, self._home, self._access, self._live, self._subscriber, self.judging)
            beside = (self._simulated_runs, self._rounds, self._housekeeping, self._notifying)
            for part in reversed((self._edges, *beside, self._web, *ingest, self._broker)):
                if part is not None:
                    stack.callback(part.stop)
        self._web = self._subscriber = self._broker = None

    def _on_batch(self, batch: list[Incoming]) -> None:
        """Commit first; only then ack, page and evaluation. StoreError leaves the batch unacknowledged."""
        if self._share is not None:
            batch = self._share.without_said(batch)
        found = without_erased(
            digest(((m.topic, m.payload) for m in batch), self._speakers.may), erasures_of(self.registry)
        )
        with self._counts.commit(found):
            self.ingest.commit(found.envelopes, found.dead)
        try:
            self.judging.note(found.envelopes)
        except StoreError:
            raise  # the same batch comes again
        except Exception:
            # Composition root: as below.
            _LOG.exception("whom a committed batch concerns could not be noted")
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

    def _on_live(self, came: list[Incoming]) -> None:
        """Show steps at once; what is none of them, or cannot be read, is kept or refused as everything else is."""
        read = [(message, digest([(message.topic, message.payload)], self._speakers.may)) for message in came]
        steps = Digest(live=[reading for _, found in read for reading in found.live])
        steps = without_erased(steps, self._erased(self.registry))
        self._counts.live(len(steps.live))
        for reading in steps.live:
            self._hear(reading)
        if rest := [message for message, found in read if not found.live]:
            self._on_batch(rest)  # last: nobody's steps wait for the commit of what somebody else sent amiss

    def _hear(self, reading: LiveReading) -> None:
        if self._share is not None:
            self._share.meet(reading)
        self.board.hear(reading)

    def _after_commit(self, found: Digest, subscriber: Subscriber) -> None:
        changed = self.judging.after(found.envelopes)  # first: nobody else remembers it, whatever fails below
        for reading in found.live:
            self._hear(reading)
        for dead in found.dead:
            subscriber.publish(encode_dead_letter(dead, self.topics))
        ids = {athlete.id for athlete in changed}
        grown = found.grown(lambda who: who if who in ids else self.registry.resolve(who))
        for athlete in changed:
            self.board.welcome(athlete)
            if sids := grown.get(athlete.id):
                self.board.grew(athlete.id, sids)
            else:
                self.board.touch(athlete.id)
            if self._share is None:  # else who judges them publishes
                self.publishing.due([athlete])
        if self._share is not None:
            return
        for who in {e.event.header.athlete for e in found.envelopes if isinstance(e.event, SessionSummary)}:
            self.references.note(self.registry.resolve(who))

    def _on_marked(self, athlete: str) -> None:
        self.board.touch(athlete, heard=False)

    def _on_edited(self, athlete: str) -> None:
        self.board.touch(athlete, heard=False)
        try:
            self.publishing.due([self.registry.athlete(athlete)])
        except RegistryError:  # erased meanwhile
            self.publishing.forget(athlete)

    def _on_said(self, athlete: str) -> None:
        """What somebody says may hold their headroom back, and that waits for no interval."""
        self._on_edited(athlete)
        self._notifying.wake()
        with suppress(RegistryError, StoreError):  # it is due all the same
            self.publishing.load(self.registry.athlete(athlete))

    def _on_finding(self, finding: Finding, notify: bool) -> None:
        self.board.touch(finding.athlete, heard=False)
        self._counts.finding(finding)
        self.publishing.finding(finding)
        self.judging.tell(finding, notify)

    # --- the world, and a clock --------------------------------------------------------------------------------------

    def _publish(self, message: Message) -> bool:
        return self._subscriber is not None and self._subscriber.publish(message)

    def _ask_edge(self, message: Message, expiry_s: int) -> bool:
        return self._subscriber is not None and self._subscriber.publish(message, expiry_s)

    def _on_connected(self) -> None:
        self.publishing.connected()
        self._home.begin_anew()

    def _hear_beside(self, incoming: Incoming) -> None:
        """What waits for no batch: steps for a screen, of edges, and of a Home Assistant."""
        if incoming.topic == self.topics.live(athlete_of_topic(incoming.topic)):
            self._live.hear(incoming)
        elif incoming.topic in self._home:
            self._home.hear(incoming.topic, incoming.payload)
        else:
            self._edges.hear(incoming)

    def _forget(self, matches: Callable[[str], bool]) -> None:
        if self._subscriber is not None:
            self._subscriber.forget(matches)

    def _forget_topics(self, erased: Erasures) -> None:
        if self._subscriber is not None:
            self._subscriber.forget(lambda topic: athlete_of_topic(topic) in erased)

    def _on_turn(self) -> None:
        self._home.begin_anew()
        if self._share is not None:
            self._watching.at_start()
