"""Telling a sensor what to do, and hearing whether it will."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from sensor_hub.errors import BluetoothError
from sensor_hub.model.profile import Command


class RefusedError(BluetoothError):
    """The sensor would not do what it was told; says what it answered."""


class Orders:
    """Sends commands one at a time and compares their answers.

    write : (characteristic, payload, with response); read : reads and delivers a characteristic. shared :
    characteristics on which data come as well as answers.
    """

    def __init__(
        self,
        write: Callable[[str, bytes, bool], Awaitable[None]],
        read: Callable[[str], Awaitable[object]],
        shared: frozenset[str],
        reply_s: float,
    ) -> None:
        self._write, self._read, self._shared, self._reply_s = write, read, shared, reply_s
        self._answers: dict[str, asyncio.Queue[bytes]] = {}
        self._turn = asyncio.Lock()

    def awaits(self, characteristic: str) -> bool:
        """Whether an answer is expected there."""
        return characteristic in self._answers

    def heard(self, characteristic: str, payload: bytes) -> None:
        """Take what was notified; only answers matter here."""
        if characteristic in self._answers:
            self._answers[characteristic].put_nowait(payload)

    async def send_all(self, commands: Iterable[Command]) -> None:
        """Send commands in order. RefusedError at the first that is refused."""
        for command in commands:
            await self.send(command)

    async def start(self, start: Iterable[Command], stop: tuple[Command, ...]) -> None:
        """Send start commands; a sensor that still streams from before is stopped and started once more."""
        commands = tuple(start)
        try:
            await self.send_all(commands)
        except RefusedError:
            if not stop:
                raise
            await self.stop(stop)
            await self.send_all(commands)

    async def stop(self, commands: Iterable[Command]) -> None:
        """Send stop commands; what was not started cannot be stopped, and that is no matter."""
        for command in commands:
            with suppress(RefusedError):
                await self.send(command)

    async def send(self, command: Command) -> None:
        """Send a command and wait for its answer. RefusedError if the answer is another or none comes.

        A command without payload reads its characteristic.
        """
        async with self._turn:
            answers: asyncio.Queue[bytes] = asyncio.Queue()
            if command.reply_from is not None:
                self._answers[command.reply_from] = answers
            try:
                if command.payload:
                    await self._write(command.characteristic, command.payload, command.response)
                else:
                    await self._read(command.characteristic)
                if command.reply_from is not None:
                    await self._await_answer(command, answers)
            finally:
                self._answers.clear()

    async def _await_answer(self, command: Command, answers: asyncio.Queue[bytes]) -> None:
        told = command.payload.hex(" ")
        try:
            async with asyncio.timeout(self._reply_s):
                while True:
                    answer = await answers.get()
                    if answer.startswith(command.reply_prefix):
                        return
                    # where data share the channel with answers, only what begins like the answer is one
                    if command.reply_from not in self._shared or answer[:1] == command.reply_prefix[:1]:
                        break
        except TimeoutError:
            raise RefusedError(f"the sensor gave no answer to {told}") from None
        raise RefusedError(f"the sensor answered {answer.hex(' ')} to {told}, not {command.reply_prefix.hex(' ')}")
