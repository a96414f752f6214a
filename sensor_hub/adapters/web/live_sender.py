"""What one connection of the live channel still has to be sent: never more than a few frames."""

from collections import deque
from collections.abc import Callable
from typing import Final

BEHIND_FRAMES: Final = 8  # a client that has not taken so many frames is given everything anew instead


class Sender:
    """One open connection, as far as what has to be sent over it goes. For the server's loop alone.

    wake : called when there is something to send.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.ending: tuple[int, str] | None = None
        self._wake = wake
        self._waiting: deque[str] = deque()
        self._wants_everything = True

    def offer(self, frame: str) -> None:
        """Have a frame sent, unless everything is due anyway."""
        if self._wants_everything or self.ending is not None:
            return
        if len(self._waiting) >= BEHIND_FRAMES:
            self.begin_anew()
            return
        self._waiting.append(frame)
        self._wake()

    def begin_anew(self) -> None:
        """Have everything sent next, as it is by then."""
        self._waiting.clear()
        self._wants_everything = True
        self._wake()

    def end(self, code: int, reason: str) -> None:
        """Have the connection closed, and nothing sent before."""
        self.ending = self.ending or (code, reason)
        self._waiting.clear()
        self._wake()

    def next(self, everything: Callable[[], str | None]) -> str | None:
        """Return what is to be sent now, None if nothing is; ``everything`` is None as long as it is not known."""
        if self._wants_everything:
            text = everything()
            self._wants_everything = text is None
            return text
        return self._waiting.popleft() if self._waiting else None
