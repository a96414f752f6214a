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
from typing import Any, Final, NamedTuple

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.plugins.base import BaseAuthPlugin

from sensor_hub.errors import BrokerError

_LOG = logging.getLogger(__name__)
_START_S: Final = 10.0
_SHUTDOWN_S: Final = 2.0
_CONNECT_S: Final = 10.0
_TAKE_OVER_TRIES: Final = 200
_TAKE_OVER_PAUSE_S: Final = 0.01
_CONNECT_TYPE: Final = 0x10
_MQTT_5: Final = 5
_LISTENER: Final = "default"
# CONNACK of MQTT 5: no session, reason 0x84 "unsupported protocol version", no properties.
_REFUSE_MQTT_5: Final = bytes([0x20, 3, 0, 0x84, 0])

# CONNACK of MQTT 3.1.1: no session, return code 5 "not authorized".
_REFUSE_USER: Final = bytes([0x20, 2, 0, 5])


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
        broker = _Broker(
            {
                "listeners": {_LISTENER: {"type": "external"}},
                "plugins": {f"{__name__}.{KnownUsers.__name__}": {"users": self._users}},
            }
        )
        await broker.start()

        clients: set[asyncio.StreamWriter] = set()

        async def serve_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            clients.add(writer)
            await _greet(broker, reader, writer)
            clients.discard(writer)

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
            # A closed stream ends its reader; amqtt's own way, cancelling it, is now and then swallowed by wait_for.
            for writer in list(clients):
                writer.close()
        try:
            await asyncio.wait_for(broker.shutdown(), _SHUTDOWN_S)
        except TimeoutError:
            _LOG.info("the embedded broker was slow to stop; its connections are cut")


class _Broker(Broker):  # type: ignore[misc]  # amqtt ships no types
    """amqtt, with a client that comes back before its old connection is known to be dead.

    amqtt's own take-over leaves the session marked as disconnected: the client would never be sent anything again.
    """

    async def _handle_client_session(
        self, reader: Any, writer: Any, client_session: Any, handler: Any, server: Any, listener_name: str
    ) -> None:
        _, old = self.sessions.get(client_session.client_id, (None, None))
        if old is not None and client_session.transitions.is_connected():
            if not await self._authenticate(client_session, self.listeners_config[listener_name]):
                writer.write(_REFUSE_USER)
                await writer.close()
                return
            old.writer.abort()
            for _ in range(_TAKE_OVER_TRIES):
                if not client_session.transitions.is_connected():
                    break
                await asyncio.sleep(_TAKE_OVER_PAUSE_S)
        await super()._handle_client_session(reader, writer, client_session, handler, server, listener_name)


class _Writer(StreamWriterAdapter):  # type: ignore[misc]  # amqtt ships no types
    """A stream that can also be cut, whatever is still waiting to be sent."""

    def abort(self) -> None:
        self._writer.transport.abort()


class _Connect(NamedTuple):
    """The head of a CONNECT packet, as far as it was read; level is None if it is no CONNECT at all."""

    head: bytes
    level: int | None = None
    keepalive_s: int = 0


class _Reader(StreamReaderAdapter):  # type: ignore[misc]  # amqtt ships no types
    """A stream of which the head was read already, and which ends when its client is silent for too long.

    amqtt takes note of the keep-alive time and does nothing about it; it does begin a new read after each.
    """

    def __init__(self, connect: _Connect, reader: asyncio.StreamReader, writer: _Writer) -> None:
        super().__init__(reader)
        self._head, self._keepalive_s, self._writer = connect.head, connect.keepalive_s, writer
        self._clock_s = asyncio.get_running_loop().time
        self._heard_s = self._clock_s()

    async def read(self, n: int = -1) -> bytes:
        if self._keepalive_s and self._clock_s() - self._heard_s > 1.5 * self._keepalive_s:
            self._writer.abort()
        taken, self._head = (self._head, b"") if n < 0 else (self._head[:n], self._head[n:])
        if not taken or len(taken) < n:
            taken += bytes(await super().read(n if n < 0 else n - len(taken)))
        self._heard_s = self._clock_s()
        return taken


async def _greet(broker: Broker, reader: asyncio.StreamReader, stream: asyncio.StreamWriter) -> None:
    """Hand a client to the broker; one that asks for MQTT 5 is told at once to come back with 3.1.1.

    Left to amqtt, an MQTT 5 CONNECT is misread, and its client waits until it loses patience.
    """
    try:
        connect = await asyncio.wait_for(_read_connect(reader), _CONNECT_S)
        if connect.level == _MQTT_5:
            stream.write(_REFUSE_MQTT_5)
            await stream.drain()
        elif connect.level is not None:
            writer = _Writer(stream)
            await broker.external_connected(_Reader(connect, reader, writer), writer, _LISTENER)
    except (OSError, EOFError, TimeoutError):
        pass
    finally:
        stream.close()


async def _read_connect(reader: asyncio.StreamReader) -> _Connect:
    """Read a CONNECT up to its keep-alive time."""
    head = await reader.readexactly(2)
    if head[0] != _CONNECT_TYPE:
        return _Connect(head)
    for _ in range(3):
        if head[-1] < 0x80:
            break
        head += await reader.readexactly(1)
    length = await reader.readexactly(2)
    name = await reader.readexactly(min(int.from_bytes(length), 16))
    level, flags, *keepalive = await reader.readexactly(4)
    return _Connect(head + length + name + bytes([level, flags, *keepalive]), level, int.from_bytes(bytes(keepalive)))


def _whisper(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _LOG.debug("embedded broker: %s", context.get("message"))
