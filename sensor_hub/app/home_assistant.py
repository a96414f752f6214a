"""Runners as devices of a Home Assistant on the same broker, as long as the settings want it, and gone after.

What stands on the broker is heard, so that what another process, another hub or a killed one left there is put right:
a device of somebody who was erased or merged goes, and all of them once the setting is off.
"""

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.board import Board
from sensor_hub.app.rounds import Chore
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.mark import is_marked
from sensor_hub.model.message import Message
from sensor_hub.wire import Topics
from sensor_hub.wire.home_assistant import (
    CONFIGS,
    ENTITIES,
    ONLINE,
    PREFIX,
    STATUS,
    HubState,
    Shown,
    WornSensor,
    athlete_of_config,
    config_topic,
    encode_gone,
    encode_hub_state,
    encode_shown,
    encode_status,
    is_ours,
)
from sensor_hub.words.home_assistant import battery_name, entity_names, runner_name

LOOK_S: Final = 5
ALL_S: Final = 60.0  # how somebody is changes by time alone too
MARKER: Final = "home-assistant"  # a file: this hub may have left something on the broker


class HomeAssistant:
    """Tells, or takes back what was told. Safe from any thread.

    wanted : the setting. names : whether people are told by name. publish : hands a message to the broker, False where
    there is no connection. forget : lets go of what is published again on each connection, by topic.
    """

    def __init__(
        self,
        registry: Registry,
        board: Board,
        topics: Topics,
        *,
        hub: str,
        folder: Path,
        wanted: bool,
        names: bool,
        publish: Callable[[Message], bool],
        forget: Callable[[Callable[[str], bool]], None],
        page_url: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._registry, self._board, self._topics = registry, board, topics
        self._hub, self._marker, self._wanted, self._names = hub, folder / MARKER, wanted, names
        self._publish, self._forget, self._page_url = publish, forget, page_url
        self._lock = Lock()
        self._standing: dict[str, bytes] = {}  # payloads by topic, of devices of ours
        self._statuses: dict[str, bytes] = {}
        self._is_new, self._n_cleared_looks = True, 0
        self._clock, self._seen, self._all_s = clock, -1, float("-inf")

    @property
    def is_used(self) -> bool:
        """Whether there is anything to tell, or to take back."""
        return self._wanted or self._marker.exists()

    @property
    def topic_filters(self) -> tuple[str, ...]:
        """What is to be heard; nothing where it was never wanted."""
        return (STATUS, CONFIGS) if self.is_used else ()

    def __contains__(self, topic: str) -> bool:
        """Whether a topic is one of Home Assistant's."""
        return topic.startswith(f"{PREFIX}/")

    def will(self) -> Message | None:
        """Return what the broker says if this hub vanishes; None where it tells nothing."""
        return encode_hub_state(self._hub, "lost", self._topics) if self._wanted else None

    def hear(self, topic: str, payload: bytes) -> None:
        """Take what Home Assistant says of itself, and what stands; at once, in the connection's thread."""
        with self._lock:
            if topic == STATUS:
                self._is_new = self._is_new or payload == ONLINE
            elif athlete_of_config(topic) is not None and (not payload or is_ours(payload, self._topics)):
                self._standing[topic] = payload

    def begin_anew(self) -> None:
        """Believe nothing of what was: a broker that was away may have forgotten it, or another hub said otherwise."""
        with self._lock:
            self._is_new = True

    def chores(self) -> list[Chore]:
        """What is done of it beside the messages."""
        return [Chore("devices of Home Assistant", LOOK_S, self.look)] if self.is_used else []

    def look(self) -> None:
        """Say what does not stand yet, and take away what is gone."""
        with self._lock:
            is_new, self._is_new = self._is_new, False
            if is_new:
                self._statuses.clear()
        if not self._wanted:
            self._take_everything_back()
            return
        self._marker.touch()
        if is_new and not self._say_hub("ready"):
            with self._lock:
                self._is_new = True  # no connection: once more
            return
        people = {athlete.id: athlete for athlete in self._registry.athletes() if not athlete.simulated}
        changed = self._changed(people, anew=is_new)
        for athlete in people.values():
            self._say(athlete, anew=is_new)
            if athlete.id in changed:
                self._say_status(athlete.id)
        for topic in self._devices():
            if (who := athlete_of_config(topic)) is not None and who not in people:
                self._take_back(who)

    def stop(self) -> None:
        """Say that nothing new comes from this hub; Home Assistant shows its runners as unavailable."""
        if self._wanted:
            self._say_hub("lost")

    # --- inside ------------------------------------------------------------------------------------------------------

    def _devices(self) -> list[str]:
        with self._lock:
            return [topic for topic, payload in self._standing.items() if payload]

    def _say_hub(self, state: HubState) -> bool:
        return self._publish(encode_hub_state(self._hub, state, self._topics))

    def _changed(self, people: Collection[str], *, anew: bool) -> Collection[str]:
        """Return who may be otherwise than when this was asked last; now and then everybody."""
        self._seen, changed = self._board.news(self._seen)
        now_s = time.monotonic()
        if anew or changed is None or now_s - self._all_s >= ALL_S:
            self._all_s = now_s
            return people
        return changed

    def _say(self, athlete: Athlete, *, anew: bool) -> None:
        device = encode_shown(self._shown(athlete), self._topics)
        with self._lock:
            stands = self._standing.get(device.topic) == device.payload
        if (anew or not stands) and self._publish(device):
            with self._lock:
                self._standing[device.topic] = device.payload

    def _say_status(self, athlete: str) -> None:
        view = self._board.athlete(athlete)
        if view is None:
            return
        now_utc = self._clock()
        alerts = [f for f in view.findings if f.severity == "alert" and not is_marked(f, view.marks, now_utc)]
        status = encode_status(athlete, view.tile.state, len(alerts), self._topics)
        with self._lock:
            stands = self._statuses.get(athlete) == status.payload
        if not stands and self._publish(status):
            with self._lock:
                self._statuses[athlete] = status.payload

    def _shown(self, athlete: Athlete) -> Shown:
        names = entity_names()
        return Shown(
            athlete.id,
            athlete.display_name if self._names else runner_name(athlete.id),
            self._hub,
            {entity: names[entity] for entity in ENTITIES},
            tuple(self._sensors(athlete)),
            f"{self._page_url}/athlete/{athlete.id}" if self._page_url else None,
            version("sensor-hub"),
        )

    def _sensors(self, athlete: Athlete) -> list[WornSensor]:
        try:
            devices = self._registry.devices(athlete.id)
        except RegistryError:  # erased meanwhile
            return []
        ordered = sorted(devices, key=lambda device: device.id)
        return [WornSensor(d.id, d.side, battery_name(d.side, d.name if self._names else None)) for d in ordered]

    def _take_back(self, athlete: str) -> None:
        """Clear a device and how its runner is; StoreError and the like cannot come of it."""
        for topic in (config_topic(athlete), self._topics.status(athlete)):
            self._publish(Message(topic, b"", 1, True))
            self._forget(lambda one, gone=topic: one == gone)  # type: ignore[misc]
        with self._lock:
            self._standing.pop(encode_gone(athlete).topic, None)
            self._statuses.pop(athlete, None)

    def _take_everything_back(self) -> None:
        """Of a setting that is off: what this hub, or one before it, left on the broker."""
        for topic in self._devices():
            if (who := athlete_of_config(topic)) is not None:
                self._take_back(who)
        self._n_cleared_looks += 1
        if self._n_cleared_looks >= 2 and self._publish(Message(self._topics.hub_state(self._hub), b"", 1, True)):
            self._forget(lambda topic: topic == self._topics.hub_state(self._hub))
            self._marker.unlink(missing_ok=True)
