"""Two hubs on one mosquitto, store and registry: each shows what the other took in, and one follows the other."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.mqtt.retained import Retained
from sensor_hub.adapters.mqtt.subscriber import Incoming, Subscriber
from sensor_hub.app.hub import Hub
from sensor_hub.app.judging.turns import ROUNDS
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import ConfigError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Message
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.wire import encode
from tests.servers_mqtt import Mosquitto, start_mosquitto

pytestmark = pytest.mark.usefixtures("quick_rounds")
NOW_UTC = datetime.now(UTC)
AFTERNOON = f"Etc/GMT{NOW_UTC.hour - 14:+d}"  # where it is past two now: a run of two hours ago is of today


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    server = start_mosquitto(tmp_path)
    yield server
    server.stop()


def settings_of(tmp_path: Path, broker: Mosquitto, name: str) -> Settings:
    return load_settings(
        data_dir=tmp_path / name, shared=True, web_port=0, mqtt=broker.url, store=f"sqlite:///{tmp_path / 'store.db'}",
        registry=f"sqlite:///{tmp_path / 'registry.db'}",
    )  # fmt: skip


@contextmanager
def running(settings: Settings, told: list[Finding] | None = None) -> Iterator[Hub]:
    news: list[Finding] = [] if told is None else told

    def tell(finding: Finding, notify: bool) -> None:
        if notify:
            news.append(finding)

    hub = Hub(settings, Place.at(settings.data_dir), on_finding=tell, web=False)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


def soon(holds: Callable[[], bool], within_s: float = 60.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def ran(athlete: Athlete, days_ago: int, km: float) -> SessionSummary:
    start_utc = NOW_UTC - timedelta(days=days_ago, hours=2)
    of = SessionHeader(
        f"{athlete.id}-{days_ago}", athlete.id, athlete.zone, "live", "speed", "achilles-0.1", "ref-pop-1", "rsc@1"
    )
    totals = Totals(duration_s=360 * km, distance_m=1000 * km, load_eq_km=km, load_eq_km_sd=0.03 * km, coverage=1.0)
    return SessionSummary(of, start_utc, start_utc + timedelta(seconds=360 * km), totals)


def batch(hub: Hub, runs: list[SessionSummary]) -> list[Incoming]:
    """What the broker would give one of the hubs."""
    messages = [encode(run, topics=hub.topics, gw="edge-1", seq=seq) for seq, run in enumerate(runs, start=1)]
    return [Incoming(message.topic, message.payload) for message in messages]


@pytest.mark.parametrize(
    ("lacking", "says"), [("mqtt", "the embedded one is"), ("store", "--store"), ("registry", "setting registry")]
)
def test_hubs_that_share_need_a_broker_a_store_and_a_registry_of_their_own(
    tmp_path: Path, lacking: str, says: str
) -> None:
    where = {"mqtt": "mqtt://127.0.0.1:1", "store": f"sqlite:///{tmp_path / 's.db'}", "registry": "sqlite:///r.db"}
    settings = load_settings(data_dir=tmp_path / "data", shared=True, **{**where, lacking: ""})
    with pytest.raises(ConfigError, match=says):
        Hub(settings, Place.at(settings.data_dir))
    assert not (tmp_path / "s.db").exists(), "nothing is begun"


def test_what_one_hub_takes_in_shows_on_the_other_and_is_told_once(tmp_path: Path, broker: Mosquitto) -> None:
    told: list[Finding] = []
    with running(settings_of(tmp_path, broker, "a"), told) as a, running(settings_of(tmp_path, broker, "b"), told) as b:
        ana = a.registry.add_athlete("Ana", AFTERNOON)
        assert soon(lambda: [tile.athlete.id for tile in b.board.tiles()] == [ana.id])
        a._on_batch(batch(a, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        for hub in (a, b):
            assert soon(lambda hub=hub: any(f.severity == "alert" for f in hub.board.tiles()[0].findings))  # type: ignore[misc]
        b._on_batch(batch(b, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))  # the same again, of a broker that was not sure
        assert soon(lambda: b.registry.work.n_due() == 0)
        assert [f.scope for f in told] == [f"session:{ana.id}-0"]


def test_when_the_hub_that_does_what_one_does_is_gone_the_other_does_it(tmp_path: Path, broker: Mosquitto) -> None:
    with ExitStack() as first:
        a = first.enter_context(running(settings_of(tmp_path, broker, "a")))
        assert soon(lambda: a.registry.work.holder(ROUNDS) is not None)
        before = a.registry.work.holder(ROUNDS)
        ana = a.registry.add_athlete("Ana", AFTERNOON)
        a._on_batch(batch(a, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        assert soon(lambda: a.registry.work.n_due() == 0)
        b = first.enter_context(running(settings_of(tmp_path, broker, "b")))
        both = first.pop_all()
        a.stop()
        assert soon(lambda: b.registry.work.holder(ROUNDS) not in {None, before})
    with both:
        topics = [b.topics.alert("+", "+")]
        with Retained.of(broker.url) as retained:
            assert soon(lambda: bool(retained.held(topics)), 20.0)
            with open_archive(settings_of(tmp_path, broker, "cli")) as archive:
                archive.registry.add_athlete("Ana the second", AFTERNOON)
                archive.merge("Ana", "Ana the second")
            gone = f"/ath/{ana.id}/"
            assert soon(lambda: not any(gone in topic for topic in retained.held(topics))), "who said it is not here"
            assert retained.held(topics), "it stands of the one they are now"


def test_a_hub_hears_its_share_only_and_of_live_readings_everything(tmp_path: Path, broker: Mosquitto) -> None:
    heard: list[list[str]] = [[], []]
    members = [
        Subscriber(
            broker.url,
            f"member-{n}",
            ["all/#"],
            lambda messages, n=n: heard[n].extend(m.topic for m in messages),  # type: ignore[misc]
            shared_filters=["kept/#"],
            session_expiry_s=0,
        )
        for n in range(2)
    ]
    speaker = Subscriber(broker.url, "speaker", [], lambda _messages: None)
    try:
        for one in (*members, speaker):
            one.start()
            one.wait_connected(10.0)
        time.sleep(0.5)  # until both have subscribed
        for n in range(20):
            assert speaker.publish(Message(f"kept/{n}", b"x", 1))
            assert speaker.publish(Message(f"all/{n}", b"x", 1))
        assert soon(lambda: sum(map(len, heard)) >= 60)
        kept = [[topic for topic in topics if topic.startswith("kept/")] for topics in heard]
        assert sorted([*kept[0], *kept[1]]) == sorted(f"kept/{n}" for n in range(20)), "each once, whoever takes it"
        assert all(kept), "both have a share"
        assert [sum(topic.startswith("all/") for topic in topics) for topics in heard] == [20, 20]
    finally:
        for one in (*members, speaker):
            one.stop()
