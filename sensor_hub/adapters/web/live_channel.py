"""``/api/live``: one WebSocket that says at once what a grid of athletes shows, for pages that stay open.

The hub's threads say that something is new; in the server's loop a pump then looks, at most every ``GAP_S``, once for
all who see the same, and hands the frame to each connection, which sends at its own pace. Looking may read store and
registry, so it is done in a worker thread.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from sensor_hub.adapters.web.asking import LIVE, SIGNED_OUT
from sensor_hub.adapters.web.live_group import Group, Sees
from sensor_hub.adapters.web.live_sender import Sender
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.adapters.web.seen import rights_of
from sensor_hub.errors import AccessError, SensorHubError
from sensor_hub.model.ports import Guide, HubView

_LOG = logging.getLogger(__name__)
GAP_S: Final = 0.08  # between two looks: what happens within is told together
BEAT_S: Final = 1.5  # without news a frame comes all the same, so that a page knows that the hub is there
RIGHTS_S: Final = 2.0  # how often every open connection is asked for its rights again
MOST_OPEN: Final = 256  # connections of a hub
MOST_OF_ONE: Final = 64  # of one account, or without accounts of this machine; one that hangs counts until it is gone
NOT_ALLOWED: Final = 4403
FULL: Final = 1013  # "try again later"
SPOKEN_TO: Final = 1008
BROKEN: Final = 1011


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a connection is closed: a code, and a reason for who reads a log; people are told by the page."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked for what, and in which manner of speaking. athlete : as they named whom alone they want to see."""

    rights: Rights
    athlete: str | None
    context: Context

    def sees(self) -> Sees | Refusal:
        """Return what they may see now, or why nothing; asks accounts and registry, so in a worker thread."""
        return self.context.copy().run(self._sees)

    def _sees(self) -> Sees | Refusal:
        rights, athlete = self.rights, self.athlete
        try:
            if rights.asker().kind == "nobody":
                return Refusal(SIGNED_OUT, "not signed in")
            rights.demand("see-grid")
            if athlete is not None:
                athlete = rights.person(athlete).id
                rights.demand("see-load", athlete=athlete)
            return Sees.by(rights, athlete)
        except AccessError:
            return Refusal(NOT_ALLOWED, "not allowed")
        except SensorHubError as problem:
            _LOG.warning("what a live page may be shown cannot be found out: %s", problem)
            return Refusal(BROKEN, "the hub cannot be read")


@dataclass(slots=True, eq=False)
class Seat:
    """An open connection. who : whose it is, by account."""

    caller: Caller
    sender: Sender
    sees: Sees
    who: str


class Live:
    """Every open connection of one application; lives in the server's loop."""

    def __init__(self, view: HubView, guide: Guide | None) -> None:
        self._view, self._guide = view, guide
        self._groups: dict[Sees, Group] = {}
        self._seats: set[Seat] = set()
        self._pump: asyncio.Task[None] | None = None
        self._news, self._is_open = asyncio.Event(), asyncio.Event()
        self._is_told = False

    @contextlib.asynccontextmanager
    async def opened(self, caller: Caller, sender: Sender, sees: Sees) -> AsyncIterator[Seat | Refusal]:
        """Keep a connection in the right group while it is open; a refusal instead where there are too many."""
        account = caller.rights.account
        seat = Seat(caller, sender, sees, "" if account is None else account.id)
        if len(self._seats) >= MOST_OPEN or sum(other.who == seat.who for other in self._seats) >= MOST_OF_ONE:
            yield Refusal(FULL, "too many live pages are open")
            return
        self._start()
        self._join(seat, sees)
        try:
            yield seat
        finally:
            self._leave(seat)

    def everything(self, seat: Seat) -> str | None:
        """Return the first frame of a connection; None before anybody has looked."""
        return self._groups[seat.sees].everything()

    async def close(self) -> None:
        """End looking; the server has closed the connections."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)

    def _join(self, seat: Seat, sees: Sees) -> None:
        group = self._groups.get(sees)
        if group is None:
            group = self._groups[sees] = Group(sees, self._view, self._guide, seat.caller.context.copy())
        group.senders.add(seat.sender)
        seat.sees = sees
        self._seats.add(seat)
        self._is_open.set()
        self._news.set()

    def _leave(self, seat: Seat) -> None:
        self._seats.discard(seat)
        group = self._groups[seat.sees]
        group.senders.discard(seat.sender)
        if not group.senders:
            del self._groups[seat.sees]
        if not self._seats:
            self._is_open.clear()

    # --- the pump ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._pump is None:
            self._news, self._is_open, self._is_told = asyncio.Event(), asyncio.Event(), False
            self._pump = asyncio.get_running_loop().create_task(self._keep_going())
            self._pump.add_done_callback(self._ended)

    async def _keep_going(self) -> None:
        stop = self._view.listen(self._waker())
        worker = ThreadPoolExecutor(1, "live")  # looks come one after the other
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._keep_looking(worker))
                both.create_task(self._keep_asking())
        finally:
            stop()
            worker.shutdown(wait=False, cancel_futures=True)

    def _waker(self) -> Callable[[], None]:
        loop, news = asyncio.get_running_loop(), self._news

        def wake() -> None:
            if not self._is_told:  # once a look: each crossing between threads costs
                self._is_told = True
                with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                    loop.call_soon_threadsafe(news.set)

        return wake

    async def _keep_looking(self, worker: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._is_open.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), BEAT_S / 3)
            self._news.clear()
            self._is_told = False
            began_s = loop.time()
            for group in list(self._groups.values()):
                group.publish(await loop.run_in_executor(worker, group.context.run, group.look), BEAT_S)
            await asyncio.sleep(max(0.0, GAP_S - (loop.time() - began_s)))

    async def _keep_asking(self) -> None:
        """Ask for everybody's rights again and again: a session ends, an account changes, a consent is withdrawn."""
        while True:
            await self._is_open.wait()
            await asyncio.sleep(RIGHTS_S)
            for seat, now in await run_in_threadpool(_asked_again, list(self._seats)):
                if isinstance(now, Refusal):
                    if now.code != BROKEN:  # the accounts cannot be read just now; what is shown is cut all the same
                        seat.sender.end(now.code, now.reason)
                elif now != seat.sees and seat in self._seats:
                    self._leave(seat)
                    self._join(seat, now)
                    seat.sender.begin_anew()

    def _ended(self, pump: "asyncio.Task[None]") -> None:
        self._pump = None
        problem = None if pump.cancelled() else pump.exception()
        if problem is not None:
            _LOG.error("live pages are told nothing more, and have to come back: %s", problem, exc_info=problem)
        for seat in self._seats:
            seat.sender.end(BROKEN, "the hub has stopped telling")


def _asked_again(seats: list[Seat]) -> list[tuple[Seat, Sees | Refusal]]:
    return [(seat, seat.caller.sees()) for seat in seats]


def live_router(live: Live) -> APIRouter:
    """Return the route. It needs see-grid, with ``athlete`` see-load about them: asked here, and while it is open."""
    router = APIRouter()

    @router.websocket(LIVE)
    async def channel(websocket: WebSocket, athlete: str | None = None) -> None:
        caller = Caller(rights_of(websocket), athlete, copy_context())
        sees = await run_in_threadpool(caller.sees)
        await websocket.accept()
        if isinstance(sees, Refusal):
            await websocket.close(sees.code, sees.reason)
            return
        due = asyncio.Event()
        async with live.opened(caller, Sender(due.set), sees) as seat:
            if isinstance(seat, Refusal):
                await websocket.close(seat.code, seat.reason)
            else:
                await _serve(websocket, live, seat, due)

    return router


async def _serve(websocket: WebSocket, live: Live, seat: Seat, due: asyncio.Event) -> None:
    tasks = [asyncio.create_task(_speak(websocket, live, seat, due)), asyncio.create_task(_listen(websocket, seat))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _speak(websocket: WebSocket, live: Live, seat: Seat, due: asyncio.Event) -> None:
    with contextlib.suppress(WebSocketDisconnect):  # it went while something was being sent
        while seat.sender.ending is None:
            text = seat.sender.next(lambda: live.everything(seat))
            if text is not None:
                await websocket.send_text(text)
                continue
            await due.wait()
            due.clear()
        await websocket.close(*seat.sender.ending)


async def _listen(websocket: WebSocket, seat: Seat) -> None:
    """Wait until the client is gone; one that says something is sent away, as nothing is asked for here."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        seat.sender.end(SPOKEN_TO, "nothing can be said here")
