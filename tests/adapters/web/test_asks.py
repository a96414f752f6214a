"""A question is answered once, however often its button is tapped."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

from sensor_hub.adapters.web.asks_card import AskRow
from sensor_hub.model.diary import SayPain
from sensor_hub.model.guidance import Ask
from tests.adapters.web.hub import NOW, TODAY


class SlowSpeaker:
    """A speaker that takes its time; ``said`` are the lines it was asked to write."""

    def __init__(self) -> None:
        self.said: list[SayPain] = []
        self.athlete = SimpleNamespace(zone="Europe/Berlin")

    async def say(self, line: SayPain) -> bool:
        self.said.append(line)
        await asyncio.sleep(0)
        return True


def test_a_second_tap_while_the_first_is_written_says_nothing_more() -> None:
    moments = iter(NOW + timedelta(milliseconds=200 * i) for i in range(9))
    speaker, row = SlowSpeaker(), object.__new__(AskRow)
    row.__dict__ |= {
        "_speaker": speaker, "_ask": Ask("morning", TODAY, NOW - timedelta(hours=2)), "_side": "L",
        "_now_utc": lambda: next(moments), "_is_sending": False,
    }  # fmt: skip

    async def tapped_twice() -> None:
        await asyncio.gather(row._send(3.0), row._send(3.0))

    asyncio.run(tapped_twice())
    assert [line.level for line in speaker.said] == [3.0]
    asyncio.run(row._send(4.0))  # one that was refused can be said again
    assert [line.level for line in speaker.said] == [3.0, 4.0]
