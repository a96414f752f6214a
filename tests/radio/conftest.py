from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.radio.private_bus import PrivateBus


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What radios need and software does not."""
    monkeypatch.setattr("sensor_hub.adapters.ble.radio.OFF_S", 0.2)
    monkeypatch.setattr("sensor_hub.adapters.ble.silence.FIRST_DATA_S", 0.3)
    monkeypatch.setattr("sensor_hub.adapters.ble.scan.BUSY_BACKOFF_S", (0.05, 0.1, 0.1, 0.2))


@pytest.fixture(autouse=True)
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A system bus nobody else is on."""
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private.address)
    yield private
    private.stop()
