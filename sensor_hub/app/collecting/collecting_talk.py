"""What was said on the present link of a pod: without it, what it sends afterwards may mean nothing.

A configuration is read once, a factor is in the answer to the start command: a session that begins much later, or as
the second one on the same link, has to be told them all the same.
"""

from collections.abc import Callable, Sequence
from typing import Final

from sensor_hub.model.link import LINK
from sensor_hub.model.profile import Command
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import SessionStarted
from sensor_hub.session import RunSession

MOST_TALK: Final = 200  # notifications of one connecting: values read, answers to commands


class Talk:
    """Keeps it from one connecting to the next; hears everything of one pod, whether a session runs or not.

    streams : characteristics that carry readings. start : commands, whose answers may come among the readings.
    new_session : makes one in which only this pod is.
    """

    def __init__(self, streams: set[str], start: Sequence[Command], new_session: Callable[[], RunSession]) -> None:
        self._streams, self._start, self._new_session = streams, tuple(start), new_session
        self._connecting = True
        self.said: list[RawNotification] = []

    def hear(self, raw: RawNotification) -> bool:
        """Keep it if it is talk; return whether it is a reading."""
        if raw.characteristic == LINK:
            self._hear_link(raw)
        elif self._is_answer(raw):
            self.said = [*self.said[1 - MOST_TALK :], raw]
        elif raw.characteristic in self._streams and (not self._connecting or self._is_reading(raw)):
            self._connecting = False
            return True
        else:
            if not self._connecting:  # a battery that is read again: the newest says it all
                self.said = [said for said in self.said if said.characteristic != raw.characteristic]
            self.said = [*self.said[1 - MOST_TALK :], raw]
        return False

    def _hear_link(self, raw: RawNotification) -> None:
        if is_down(raw):
            self._connecting = True
            self.said.clear()
        elif raw.payload == b"up":
            self._connecting = False
        self.said = [*self.said[1 - MOST_TALK :], raw]

    def _is_answer(self, raw: RawNotification) -> bool:
        """Whether it answers a start command: of several streams one may flow before the next is started."""
        return any(c.reply_from == raw.characteristic and raw.payload.startswith(c.reply_prefix) for c in self._start)

    def _is_reading(self, raw: RawNotification) -> bool:
        """Whether a notification would begin a session, in which case it is no mere talk."""
        return any(isinstance(event, SessionStarted) for event in self._new_session().receive(raw))


def is_down(raw: RawNotification) -> bool:
    """Whether it says that a link ended."""
    return raw.characteristic == LINK and raw.payload.startswith(b"down")
