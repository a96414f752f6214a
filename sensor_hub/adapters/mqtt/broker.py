"""A broker inside the hub, for those who run none: amqtt, which speaks MQTT 3.1.1 only.

It keeps nothing on disk. That loses nothing: the edges' outboxes send again what no hub has acknowledged, and the hub's
subscriber publishes its retained messages again on every connection.
"""

import asyncio
import logging
import ssl
import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sensor_hub.adapters.mqtt.broker_sessions import GuardedBroker, greet
from sensor_hub.adapters.mqtt.doorkeeper import Credential, Doorkeeper
from sensor_hub.errors import BrokerError

_LOG = logging.getLogger(__name__)
_START_S: Final = 10.0
_SHUTDOWN_S: Final = 2.0
_HANDSHAKE_S: Final = 10.0
_ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared with, never listened on)
_INNER_HOST: Final = "127.0.0.1"


class EmbeddedBroker:
    """A broker in a thread of its own; ``port`` is the real one once started, also where 0 asked for a free one.

    users : user → password of this machine's own programs. site : whose rights hold (``wire.access``): users called hub
    and edge have theirs, and ``know`` brings the others; None lets everybody say and hear everything. tls : with it
    the port speaks TLS only, and ``inner_port`` is one without, for this machine alone.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 1883,
        *,
        users: Mapping[str, str],
        site: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if not users:
            raise ValueError("the embedded broker needs at least one user: it lets in nobody else")
        self.host, self.port, self.inner_port = host, port, port
        self._door, self._tls = Doorkeeper(users, site), tls
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._broker: GuardedBroker | None = None
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

    def know(self, credentials: Iterable[Credential]) -> None:
        """Let these users in from now on, besides this machine's own.

        Whoever is gone, or has another password, is cut; what others may do holds from their next message.
        """
        self._door.know(credentials)
        loop, broker = self._loop, self._broker
        if self._thread is not None and loop is not None and broker is not None:
            loop.call_soon_threadsafe(broker.cut_strangers)

    def url(self, user: str) -> str:
        """Return the broker's URL without a password, as one on this machine would write it."""
        host = "localhost" if self.host in _ANYWHERE else f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self._tls else 'mqtt'}://{user}@{host}:{self.port}"

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_whisper)
        broker = self._broker = GuardedBroker(self._door)
        await broker.start()

        clients: set[asyncio.StreamWriter] = set()

        async def serve_client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            clients.add(writer)
            await greet(broker, reader, writer)
            clients.discard(writer)

        servers: list[asyncio.Server] = []
        try:
            handshake_s = None if self._tls is None else _HANDSHAKE_S
            servers.append(
                await asyncio.start_server(
                    serve_client, self.host, self.port, ssl=self._tls, ssl_handshake_timeout=handshake_s
                )
            )
            if self._tls is not None:
                servers.append(await asyncio.start_server(serve_client, _INNER_HOST, 0))
        except OSError as error:
            self._error = BrokerError(
                f"the embedded broker cannot listen on {self.host}:{self.port}: {error.strerror or error}; "
                "another broker may run there: stop it, or choose another port, or use that broker by its URL"
            )
        else:
            self.port = servers[0].sockets[0].getsockname()[1]
            self.inner_port = servers[-1].sockets[0].getsockname()[1]
            self._ready.set()
            await self._end.wait()
        for server in servers:
            server.close()
        # A closed stream ends its reader; amqtt's own way, cancelling it, is now and then swallowed by wait_for.
        for writer in list(clients):
            writer.close()
        try:
            await asyncio.wait_for(broker.shutdown(), _SHUTDOWN_S)
        except TimeoutError:
            _LOG.info("the embedded broker was slow to stop; its connections are cut")
        self._broker = None


def _whisper(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _LOG.debug("embedded broker: %s", context.get("message"))
