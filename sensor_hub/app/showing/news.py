"""What has changed of whom since somebody looked, and who is woken by it."""

import threading
from collections.abc import Callable


class News:
    """Counts changes, and knows of each athlete the newest one. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = self._of_everybody = 1
        self._of: dict[str, int] = {}
        self._wakes: dict[object, Callable[[], None]] = {}

    def tell(self, *athletes: str) -> None:
        """Say that something of these athletes may have changed; of none named, everybody's may have."""
        with self._lock:
            self._version += 1
            if athletes:
                self._of.update(dict.fromkeys(athletes, self._version))
            else:
                self._of_everybody = self._version
                self._of.clear()
            wakes = list(self._wakes.values())
        for wake in wakes:  # without the lock: whoever is woken may ask at once
            wake()

    def since(self, version: int) -> tuple[int, frozenset[str] | None]:
        """Return the newest version, and whom it concerns since another; None instead of names: everybody."""
        with self._lock:
            if not self._of_everybody <= version <= self._version:  # one of an earlier process may be ahead
                return self._version, None
            return self._version, frozenset(who for who, changed in self._of.items() if changed > version)

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called at each change, in the thread that makes it; return how to stop."""
        key = object()
        with self._lock:
            self._wakes[key] = wake

        def stop() -> None:
            with self._lock:
                self._wakes.pop(key, None)

        return stop
