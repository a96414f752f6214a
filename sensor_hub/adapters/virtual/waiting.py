"""Waiting for something to have happened to a pod."""

import asyncio
from collections.abc import Callable


class Waiting:
    """Those who wait, and what for; ``changed`` lets them look."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    async def when(self, happened: Callable[[], bool], timeout_s: float) -> None:
        """Return when ``happened()``; TimeoutError if it does not."""
        if happened():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((happened, future))
        async with asyncio.timeout(timeout_s):
            await future

    def changed(self) -> None:
        """Let those who wait look again."""
        for waiting in [w for w in self._waiting if w[1].done() or w[0]()]:
            self._waiting.remove(waiting)
            if not waiting[1].done():
                waiting[1].set_result(None)
