"""A hub whose runner says what stops them: headroom is held back, on the broker without a word of why."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.address import BrokerAddress
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.app.hub import Hub
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place, broker_url
from sensor_hub.config import Settings, load_settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Consent, SayMedicine, SaySymptoms
from sensor_hub.model.finding import Finding
from sensor_hub.wire import Topics
from tests.app.histories import ended, envelopes, header, history

pytestmark = pytest.mark.usefixtures("quick_rounds")
WITHIN_S = 20.0  # of a loaded machine; how long it takes is measured elsewhere
DAYS = (28, 21, 14, 7)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)


@pytest.fixture
def ana(settings: Settings) -> Athlete:
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana", "UTC")
        archive.ingest.take(envelopes(history(ana, datetime.now(UTC), DAYS)))
    return ana


def cannot_rise() -> SaySymptoms:
    return SaySymptoms(
        datetime.now(UTC) - timedelta(minutes=1), ("cannot-rise-on-toes",), note="a word for nobody else"
    )


def soon(holds: Callable[[], bool]) -> float | None:
    """Seconds until it holds; None if it never does."""
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < WITHIN_S:
        if holds():
            return time.monotonic() - begun_s
        time.sleep(0.02)
    return None


class Broker:
    """What a hub publishes, as a subscriber hears it."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self.heard: list[tuple[str, bytes]] = []
        # as the hub itself: an edge is told nothing of anybody
        url = broker_url(settings, hub.place, "hub", BrokerAddress.parse(hub.mqtt_url).port)
        self._subscriber = Subscriber(url, "listener", [f"{Topics(settings.site).base}/#"], self._take)
        self._subscriber.start()
        self._subscriber.wait_connected(15.0)

    def _take(self, batch: list[Incoming]) -> None:
        self.heard += [(message.topic, message.payload) for message in batch]

    def stop(self) -> None:
        self._subscriber.stop()


def held(hub: Hub, who: Athlete) -> bool:
    status = hub.board.load(who)
    return all(h.reason == "held" and (h.limit, h.left) == (None, None) for h in status.headroom)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["by the hub", "by another process"])
def test_a_red_flag_said_while_a_hub_runs_holds_headroom_back_and_taken_back_lets_it_go(
    settings: Settings, ana: Athlete, elsewhere: bool
) -> None:
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    try:
        broker = Broker(hub, settings)
        known = [h.left for h in hub.board.load(ana).headroom]
        assert None not in known
        if elsewhere:
            with open_archive(settings) as archive:
                archive.guide.say(ana.id, [cannot_rise()], by="cli")
        else:
            outcome = hub.guide.say(ana.id, [cannot_rise()], by="page")
            assert outcome.guidance.verdict.standing == "red-flag"
            assert held(hub, ana), "what the hub itself was told holds at once"
        assert soon(lambda: held(hub, ana)) is not None
        assert soon(lambda: any(b'"held"' in payload for _topic, payload in broker.heard)) is not None
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (True, None)
        hub.guide.say(ana.id, [Consent("pain", granted=True)], by="page")
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (True, "red-flag")
        hub.guide.take_back(ana.id, by="page")
        hub.guide.take_back(ana.id, by="page")
        assert [h.left for h in hub.board.load(ana).headroom] == known
        said = b"".join(topic.encode() + payload for topic, payload in broker.heard)
        for word in (b"cannot", b"toes", b"red-flag", b"a word for nobody else", b"pain"):
            assert word not in said, word
        broker.stop()
    finally:
        hub.stop()


def test_whose_diary_is_empty_has_their_headroom(settings: Settings, ana: Athlete) -> None:
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    try:
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (False, None)
        assert not held(hub, ana)
    finally:
        hub.stop()


def test_a_coach_is_shown_that_a_medicine_ends_running_only_where_medicines_are_theirs_to_see(
    settings: Settings, ana: Athlete
) -> None:
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    try:
        taken = SayMedicine("fluoroquinolone", datetime.now(UTC).date() - timedelta(days=1))
        hub.guide.say(ana.id, [taken, Consent("pain", granted=True)], by="page")
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (True, None), "it comes of a medicine, and pain was consented to"
        hub.guide.say(ana.id, [Consent("medication", granted=True)], by="page")
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (True, "refer")
        hub.guide.say(ana.id, [cannot_rise(), Consent("pain", granted=False)], by="page")
        (tile,) = hub.board.tiles()
        assert (tile.held, tile.standing) == (True, None), "a red flag comes of no medicine"
    finally:
        hub.stop()


def test_whose_coach_may_not_see_load_is_on_the_grid_without_it(settings: Settings, ana: Athlete) -> None:
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    try:
        (tile,) = hub.board.tiles()
        assert tile.shows_load
        assert tile.headroom
        assert None not in [h.left for h in tile.headroom]
        hub.guide.say(ana.id, [Consent("load", granted=False)], by="page")
        (tile,) = hub.board.tiles()
        assert not tile.shows_load
        assert (tile.headroom, tile.totals, tile.findings, tile.state) == ((), None, (), "idle")
        view = hub.board.athlete(ana.id)
        assert view is not None
        assert view.tile.headroom, "their own page has it"
    finally:
        hub.stop()


def test_a_run_that_was_made_while_running_is_held_is_judged_and_told_all_the_same(
    settings: Settings, ana: Athlete
) -> None:
    told: list[tuple[Finding, bool]] = []
    hub = Hub(settings, Place.at(settings.data_dir), on_finding=lambda f, notify: told.append((f, notify)), web=False)
    try:
        hub.guide.say(ana.id, [cannot_rise()], by="page")
        now_utc = datetime.now(UTC)
        hub.ingest.take(envelopes([ended(header(ana, "long"), now_utc - timedelta(hours=3), 20.0)], "edge-2"))
        pushed = {f.measure for f, notify in told if notify and f.scope == "session:long"}
        assert "distance_m" in pushed, "what was run is a fact; only headroom and what looks ahead is silent"
        assert held(hub, ana)
    finally:
        hub.stop()
