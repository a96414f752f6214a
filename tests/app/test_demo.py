import pytest

from sensor_hub.app.demo import Demo, SquadShow
from sensor_hub.config import load_settings


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
