"""A virtual radio where a command would use the machine's adapter."""

import pytest

from sensor_hub.adapters.ble.pod import Patience
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.virtual.bleak_backend import client_backend, scanner_backend
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting import radios
from sensor_hub.app.collecting.collecting import Air

LEFT, RIGHT = "C0:00:00:00:00:01", "C0:00:00:00:00:02"
QUICK = Patience(scan_s=0.5, rest_s=0.2, backoff_s=0.1, backoff_cap_s=0.5)


def radio_of(radio: VirtualRadio) -> Radio:
    return Radio(client_backend=client_backend(radio), scanner_backend=scanner_backend(radio))


def air_of(radio: VirtualRadio) -> Air:
    return Air(radio_of(radio), QUICK, on_loop_start=radio.start, on_loop_stop=radio.close)


def put_on_air(radio: VirtualRadio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command of this process use this radio."""
    monkeypatch.setattr(radios, "radios", lambda _settings: (radio_of(radio),))
    monkeypatch.setattr(radios, "air", lambda _settings: air_of(radio))
