import pytest

from sensor_hub.app.collecting.collecting import BoundPod
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.demo import Demo, SquadShow
from sensor_hub.app.demo_bluetooth import Newsreel
from sensor_hub.config import load_settings
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.link import PodState
from tests.app.on_air import LEFT


def test_a_demo_leaves_the_persons_own_store_and_broker_alone(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("SENSOR_HUB_STORE", f"sqlite:///{own / 'real.db'}")
    monkeypatch.setenv("SENSOR_HUB_MQTT", "mqtt://me:secret@127.0.0.1:9")
    demo = Demo(load_settings(web_port=0), SquadShow(1, 1000.0), on_finding=lambda _finding, _name: None)
    try:
        assert demo.start().startswith("http://127.0.0.1:")
    finally:
        demo.stop()
    assert list(own.iterdir()) == []


def test_a_pod_is_said_to_be_connected_once_a_connection_whatever_else_is_told_of_it() -> None:
    told: list[str] = []
    reel = Newsreel(lambda _athlete, _pod, news: told.append(news))
    pod = BoundPod(
        Device("p", LEFT, "Pod", "standard-rsc", "a"), all_profiles()["standard-rsc"], Athlete("a", "A", "UTC")
    )
    for phase in (
        "connecting",
        "starting",
        "starting",
        "streaming",
        "streaming",
        "lost",
        "connecting",
        "starting",
        "streaming",
    ):
        reel.on_state(pod, PodState("p", phase, battery_percent=80))
    assert told == ["connected", "streaming", "lost", "back"]
