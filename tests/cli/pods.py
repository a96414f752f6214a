"""Virtual pods for the commands that scan, check and record: paired beforehand, heard at once, and ended when done."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.ble.scan import scan
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.model.gait import Side
from sensor_hub.model.link import Found
from tests.app.on_air import LEFT, put_on_air
from tests.cli.conftest import Cli

PATIENCE_S = 60.0


def on_air(radio: VirtualRadio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command use this radio; a scan ends as soon as everybody on it was heard with their name."""
    put_on_air(radio, monkeypatch)

    async def until_all(asked: Radio, seconds: float) -> list[Found]:
        wanted, end_s, window_s = {pod.address for pod in radio.pods}, time.monotonic() + seconds, 0.2
        while True:
            found = await scan(asked, window_s)
            if wanted <= {one.address for one in found if one.name} or time.monotonic() > end_s:
                return found
            window_s *= 2

    monkeypatch.setattr("sensor_hub.app.collecting.pairing.scan", until_all)


def leaves_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a recording look up often, and wait for a hub that is not there shortly."""
    monkeypatch.setattr("sensor_hub.app.collecting.live.TICK_S", 0.1)
    monkeypatch.setattr("sensor_hub.app.collecting.live.DRAIN_S", 0.1)
    monkeypatch.setattr("sensor_hub.app.serving.LEAVING_S", 0.1)


def pair_unheard(cli: Cli, name: str, profile: str, *, address: str = LEFT, side: Side = "U") -> None:
    """Pair a pod with me as ``devices pair`` would, without its radio."""
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        me = registry.me("Europe/Berlin").id
        registry.add_device(address, name, profile, athlete=me, side=side, mount=all_profiles()[profile].mount)


@contextmanager
def told_to_end_when(is_done: Callable[[], object]) -> Iterator[None]:
    """Press Ctrl-C once something is so, or has not come for very long."""
    left = threading.Event()

    def press() -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not left.wait(0.05):
            if is_done() or time.monotonic() > end_s:
                os.kill(os.getpid(), signal.SIGINT)
                return

    watching = threading.Thread(target=press)
    watching.start()
    try:
        yield
    finally:
        left.set()
        watching.join()
