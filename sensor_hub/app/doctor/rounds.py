"""Everything that is looked at, in order; what one look cannot bear is told as a fault and stops no other."""

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from platform import platform, python_version

from sensor_hub.app.doctor.check import Check
from sensor_hub.app.doctor.clocks import look_at_clock
from sensor_hub.app.doctor.exposure import look_at_exposure
from sensor_hub.app.doctor.files import look_at_files
from sensor_hub.app.doctor.outboxes import look_at_outbox
from sensor_hub.app.doctor.radio import look_at_radio
from sensor_hub.app.doctor.servers import look_at_broker, look_at_page, look_at_registry, look_at_store, n_accounts
from sensor_hub.app.people import local_zone
from sensor_hub.app.place import Place
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError, SensorHubError


def look_at_everything(settings: Settings, *, radio: bool = True) -> Iterator[Check]:
    """Look at all that a hub or an edge with these settings needs; nothing is made or changed.

    radio : whether to ask for Bluetooth, too.
    """
    root = settings.data_dir
    place = Place(root) if root.is_dir() else None
    yield Check(
        "program", "ok", f"sensor-hub {version('sensor-hub')}, Python {python_version()}, {platform(terse=True)}"
    )
    yield from _borne("data folder", lambda: look_at_files(root))
    yield from _borne("clock", lambda: look_at_clock(local_zone(settings)))
    yield from _borne("registry", lambda: look_at_registry(settings, root))
    yield from _borne("store", lambda: look_at_store(settings, root))
    yield from _borne("broker", lambda: look_at_broker(settings, place, hub_runs=_hub_runs(place)))
    yield from _borne("outbox", lambda: look_at_outbox(root / "outbox.db"))
    yield from _borne("page", lambda: look_at_page(settings, _hub_runs(place)))
    yield from _borne("exposure", lambda: look_at_exposure(settings, n_accounts(settings, root)))
    if radio:
        yield from _borne("bluetooth", look_at_radio)


def _borne(about: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except (SensorHubError, OSError) as error:
        yield Check(about, "fail", str(error))


def _hub_runs(place: Place | None) -> bool:
    if place is None or not (place.root / "hub.lock").exists():
        return False
    try:
        place.lock_for_hub().close()
    except ConfigError:
        return True
    return False
