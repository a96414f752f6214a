"""Several hubs as one: what each of them needs, and how the work is shared out."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from sensor_hub.adapters.mqtt.subscriber import OnBatch, Subscriber
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.judging.turns import Turns
from sensor_hub.config import Settings
from sensor_hub.errors import ConfigError
from sensor_hub.wire import Topics

ROUNDS: Final = "rounds"  # what one hub at a time does on a clock


def check_shared(settings: Settings) -> None:
    """Raise ConfigError where several hubs could not work as one; nothing where one works alone."""
    if not settings.shared:
        return
    lacking = {
        "broker (setting mqtt, or --mqtt): the embedded one is this hub's alone": settings.mqtt,
        "store (setting store, or --store): InfluxDB, or on one machine sqlite:///PATH": settings.store,
        "registry (setting registry): PostgreSQL, or on one machine sqlite:///PATH": settings.registry,
    }
    for what, setting in lacking.items():
        if not setting.get_secret_value():
            raise ConfigError(f"hubs that share need the same {what}")


def subscriber_of(
    settings: Settings,
    topics: Topics,
    url: str,
    client_id: str,
    on_batch: OnBatch,
    on_connected: Callable[[], None] = lambda: None,
) -> Subscriber:
    """Return what takes messages in: all of them, or among other hubs a share of what is kept and all of the rest."""
    if not settings.shared:
        return Subscriber(url, client_id, topics.from_edges, on_batch)
    return Subscriber(
        url,
        client_id,
        (topics.live_readings, *topics.said_by_hubs),
        on_batch,
        shared_filters=(topics.sessions,),
        session_expiry_s=0,
        republishes=False,
        on_connected=on_connected,
    )


def alone_of(settings: Settings, registry: Registry) -> Callable[[str], AbstractContextManager[object]]:
    """Return what a command beside the hubs enters while it judges an athlete."""
    return Turns(registry.work).of if settings.shared else lambda _athlete: nullcontext()
