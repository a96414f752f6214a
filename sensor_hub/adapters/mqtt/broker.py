"""A broker inside the hub, for those who run none: amqtt, which speaks MQTT 3.1.1 only.

It keeps nothing on disk. That loses nothing: the edges' outboxes send again what no hub has acknowledged, and the hub's
subscriber publishes its retained messages again on every connection.
"""

import asyncio
import hmac
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.plugins.base import BaseAuthPlugin

from sensor_hub.errors import BrokerError

_LOG = logging.getLogger(__name__)
_START_S: Final = 10.0
_SHUTDOWN_S: Final = 3.0
_CONNECT_S: Final = 10.0
_CONNECT_TYPE: Final = 0x10
_MQTT_5: Final = 5
_LISTENER: Final = "default"
# CONNACK of MQTT 5: no session, reason 0x84 "unsupported protocol version", no properties.
_REFUSE_MQTT_5: Final = bytes([0x20, 3, 0, 0x84, 0])


class KnownUsers(BaseAuthPlugin):  # type: ignore[misc]  # amqtt ships no types
    """Lets in the users of its mapping, and nobody without a name."""

    @dataclass
    class Config:
        """user → password; never shown."""

        users: dict[str, str] = field(default_factory=dict, repr=False)

    async def authenticate(self, *, session: Any) -> bool:
        """Whether user and password of the session are known."""
        expected = self.config.users.get(session.username or "")
        given = session.password or ""
        return expected is not None and hmac.compare_digest(expected.encode(), given.encode())


class EmbeddedBroker:
    """A broker in a thread of its own; ``port`` is the real one once started, also where 0 asked for a free one."""

    def __init__(self, host: str = "127.0.0.1", port: int = 1883, *, users: Mapping[str, str]) -> None:
        if not users:
            raise ValueError("the embedded broker needs at least one user: it lets in nobody else")
        self.host, self.port, self._users = host, port, dict(users)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._ready = threading.Event()
        self._error: BrokerError | None = None

    def start(self) -> None:
        """Return when it listens; BrokerError if the port is taken."""
        if self._thread is not None:
            raise ValueError("the embedded broker is already running")
        # Its libraries log every odd packet as a warning; what matters is said by publisher and subscriber.
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.CRITICAL)
        self._ready.clear()
        self._error = None
        self._thread = threading.Thread(target=self._run, name="mqtt-broker", daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_S):
            raise BrokerError(f"the embedded broker did not start within {_START_S:g} s")
        if self._error is not None:
            self._thread.join()
            self._thread = None
            raise self._error

    def stop(self) -> None:
        """End every connection and free the port; safe to call twice. ``start`` may follow."""
        thread, loop, end = self._thread, self._loop, self._end
        if thread is None:
            return
        if loop is not None and end is not None:
            loop.call_soon_threadsafe(end.set)
        thread.join()
        self._thread = None

    def url(self, user: str) -> str:
        """Return the broker's URL without a password."""
        return f"mqtt://{user}@{self.host}:{self.port}"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_whisper)
        # "external": we listen ourselves, so that a taken port is an OSError and a free one can be asked for.
        broker = Broker(
            {
                "listeners": {_LISTENER: {"type": "external"}},
                "plugins": {f"{__name__}.{KnownUsers.__name__}": {"users": self._users}},
            }
        )
        await broker.start()

        async def serve_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _greet(broker, reader, writer)

        try:
            server = await asyncio.start_server(serve_client, self.host, self.port)
        except OSError as error:
            self._error = BrokerError(
                f"the embedded broker cannot listen on {self.host}:{self.port}: {error.strerror or error}; "
                "another broker may run there: stop it, or choose another port, or use that broker by its URL"
            )
        else:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._end.wait()
            server.close()
        try:
            await asyncio.wait_for(broker.shutdown(), _SHUTDOWN_S)
        except TimeoutError:
            _LOG.info("the embedded broker was slow to stop; its connections are cut")


class _Replayed(StreamReaderAdapter):  # type: ignore[misc]  # amqtt ships no types
    """A stream of which the head was read already."""

    def __init__(self, head: bytes, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._head = head

    async def read(self, n: int = -1) -> bytes:
        if not self._head:
            return bytes(await super().read(n))
        if n < 0:
            n = len(self._head)
        taken, self._head = self._head[:n], self._head[n:]
        return taken if len(taken) == n else taken + bytes(await super().read(n - len(taken)))


async def _greet(broker: Broker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand a client to the broker; one that asks for MQTT 5 is told at once to come back with 3.1.1.

    Left to amqtt, an MQTT 5 CONNECT is misread, and its client waits until it loses patience.
    """
    try:
        head, level = await asyncio.wait_for(_read_head(reader), _CONNECT_S)
        if level == _MQTT_5:
            writer.write(_REFUSE_MQTT_5)
            await writer.drain()
        elif level is not None:
            await broker.external_connected(_Replayed(head, reader), StreamWriterAdapter(writer), _LISTENER)
    except (OSError, EOFError, TimeoutError):
        pass
    finally:
        writer.close()


async def _read_head(reader: asyncio.StreamReader) -> tuple[bytes, int | None]:
    """Return the first bytes of a CONNECT and its protocol level; None if it is no CONNECT at all."""
    head = await reader.readexactly(2)
    if head[0] != _CONNECT_TYPE:
        return head, None
    for _ in range(3):
        if head[-1] < 0x80:
            break
        head += await reader.readexactly(1)
    name = await reader.readexactly(2)
    rest = await reader.readexactly(min(int.from_bytes(name), 16) + 1)
    return head + name + rest, rest[-1]


def _whisper(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _LOG.debug("embedded broker: %s", context.get("message"))
