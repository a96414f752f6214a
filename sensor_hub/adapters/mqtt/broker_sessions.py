"""What amqtt needs to serve as our broker: who is let in, what may pass, and three things it leaves undone.

A session belongs to a user: amqtt looks for an old one by client id alone, and before it has seen a password, so
that anybody could take over the hub's, with what waits in it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.errors import AMQTTError, MQTTError, NoDataError
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler

from sensor_hub.adapters.mqtt.doorkeeper import Doorkeeper

LISTENER: Final = "default"
_CONNECT_S: Final = 10.0
_TAKE_OVER_TRIES: Final = 200
_TAKE_OVER_PAUSE_S: Final = 0.01
_CONNECT_TYPE: Final = 0x10
_MQTT_5: Final = 5
# Nothing here is the source of truth: who comes back later subscribes anew.
_SESSION_EXPIRY_S: Final = 86_400
# CONNACK of MQTT 5: no session, reason 0x84 "unsupported protocol version", no properties.
_REFUSE_MQTT_5: Final = bytes([0x20, 3, 0, 0x84, 0])
# CONNACK of MQTT 3.1.1: no session, return code 5 "not authorized".
_REFUSE_USER: Final = bytes([0x20, 2, 0, 5])


class GuardedBroker(Broker):  # type: ignore[misc]  # amqtt ships no types
    """amqtt, with a doorkeeper, and with a client that comes back before its old connection is known to be dead.

    amqtt's own take-over leaves the session marked as disconnected: the client would never be sent anything again.
    """

    def __init__(self, door: Doorkeeper) -> None:
        # "external": we listen ourselves, so that a taken port is an OSError and a free one can be asked for.
        listeners = {LISTENER: {"type": "external"}}
        super().__init__({"listeners": listeners, "plugins": {}, "session_expiry_interval": _SESSION_EXPIRY_S})
        self._door = door
        self._tokens: dict[str, str | None] = {}

    def cut_strangers(self) -> None:
        """Cut the connections of users whose password has changed, or who are gone."""
        for client_id, (session, handler) in list(self.sessions_and_handlers()):
            if self._tokens.get(client_id) != self._door.token(session.username) and session.transitions.is_connected():
                handler.writer.abort()

    def sessions_and_handlers(self) -> Sequence[tuple[str, tuple[Any, Any]]]:
        """Return (client id, (session, handler)) of every session, connected or not."""
        return list(self._sessions.items())

    async def _initialize_client_session(
        self, reader: Any, writer: Any, remote_address: str, remote_port: int
    ) -> tuple[Any, Any]:
        """Read a CONNECT, ask the doorkeeper, and only then look for the user's session."""
        del remote_address, remote_port
        try:
            begins = BrokerProtocolHandler.init_from_connect(reader, writer, self.plugins_manager)
            handler, session = await asyncio.wait_for(begins, _CONNECT_S)
        except (MQTTError, NoDataError, TimeoutError) as error:
            await writer.close()
            raise AMQTTError(error) from error
        token = self._door.token(session.username)
        let_in = await asyncio.to_thread(self._door.lets_in, session.username, session.password)
        if not let_in or token != self._door.token(session.username):  # it may have changed while it was looked at
            writer.write(_REFUSE_USER)
            await writer.close()
            raise AMQTTError("not let in")
        session.password = None
        session.client_id = f"{session.username}/{session.client_id}"
        if session.will_flag and not self._door.allows(session.username, "write", session.will_topic):
            self._door.say_refused(session.username, "leave a will on", session.will_topic)
            session.will_flag = False
        self._tokens[session.client_id] = token
        session.parent = 0
        if session.clean_session:
            old, old_handler = self._sessions.get(session.client_id, (None, None))
            if old is not None and old.transitions.is_connected():
                # left to amqtt it would live on, known to nobody: a password that changes would not cut it
                old_handler.writer.abort()
            await self._delete_session(session.client_id)
        elif session.client_id in self._sessions:
            known, _ = self._sessions[session.client_id]
            for name in ("will_flag", "will_message", "will_topic", "will_qos", "will_retain", "keep_alive"):
                setattr(known, name, getattr(session, name))
            session, session.parent = known, 1
        return handler, session

    async def _authenticate(self, session: Any, _listener: Any) -> bool:
        """Whoever comes here was let in."""
        return session is not None

    async def _topic_filtering(self, session: Any, topic: str, action: Action) -> bool:
        user = session.username or ""
        if action == Action.SUBSCRIBE:
            granted, what = self._door.may_hear(user, topic), "subscribe to"
        elif action == Action.PUBLISH:
            granted, what = self._door.allows(user, "write", topic), "publish to"
        else:  # to whom one message goes: a wider subscription than is allowed is not an offence each time
            return self._door.allows(user, "read", topic)
        if not granted:
            self._door.say_refused(user, what, topic)
        return granted

    async def _publish_retained_messages_for_subscription(self, subscription: tuple[str, int], session: Any) -> None:
        """Send what is kept for a filter, to whoever subscribed to it and as far as they may read it.

        amqtt sends a session that comes back whatever anybody is subscribed to.
        """
        topic_filter, qos = subscription
        mine = any(other.client_id == session.client_id for other, _ in self._subscriptions.get(topic_filter, ()))
        handler = self._get_handler(session)
        if not mine or handler is None:
            return
        kept = [
            handler.mqtt_publish(message.topic, message.data, min(qos, message.qos or qos), retain=True)
            for topic, message in list(self._retained_messages.items())
            if self._matches(topic, topic_filter) and self._door.allows(session.username or "", "read", topic)
        ]
        await asyncio.gather(*kept, return_exceptions=True)

    async def _publish_session_retained_messages(self, session: Any) -> None:
        """Send what waited for a session, without what its user may read no more."""
        waiting = session.retained_messages
        kept = [waiting.get_nowait() for _ in range(waiting.qsize())]
        for message in kept:
            if self._door.allows(session.username or "", "read", message.topic):
                waiting.put_nowait(message)
        await super()._publish_session_retained_messages(session)

    async def _handle_client_session(
        self, reader: Any, writer: Any, client_session: Any, handler: Any, server: Any, listener_name: str
    ) -> None:
        _, old = self.sessions.get(client_session.client_id, (None, None))
        if old is not None and client_session.transitions.is_connected():
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


async def greet(broker: Broker, reader: asyncio.StreamReader, stream: asyncio.StreamWriter) -> None:
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
            await broker.external_connected(_Reader(connect, reader, writer), writer, LISTENER)
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


__all__ = ["LISTENER", "GuardedBroker", "greet"]
