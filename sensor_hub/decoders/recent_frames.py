"""The newest frames of a stream, byte for byte: what a frame is compared with to see whether it was told before."""

import math
from collections import deque
from typing import Final

from sensor_hub.decoders.recent_times import COPIES


class RecentFrames:
    """Time or number of the newest ``COPIES`` frames, each with all of its bytes.

    newest : the largest of these times; minus infinity where there is none.
    """

    def __init__(self) -> None:
        self.told: Final[deque[tuple[float, bytes]]] = deque(maxlen=COPIES)
        self.newest = -math.inf

    def rise_to(self, at: float, frame: bytes) -> None:
        """Take a frame that is newer than all of them."""
        self.told.append((at, frame))
        self.newest = at

    def take(self, frames: list[tuple[float, bytes]]) -> None:
        """Take frames in the order in which they came, whatever their times."""
        self.told.extend(frames)
        self.newest = max((at for at, _ in self.told), default=-math.inf)
