"""A credential tried out at a broker that lets in, and cuts whoever publishes."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from sensor_hub.adapters.mqtt.trial import try_out
from sensor_hub.errors import BrokerError

CONNACK = bytes.fromhex("20 03 00 00 00")  # of MQTT 5: a new session, success, no properties
PUBLISH = 0x30


class Cutting(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._packet()
        self.wfile.write(CONNACK)
        while self._packet() not in (PUBLISH, None):
            pass

    def _packet(self) -> int | None:
        """Take the next one and return its kind; None of one who has gone."""
        head = self.rfile.read(2)
        if len(head) < 2:
            return None
        length, shift, more = head[1] & 0x7F, 7, head[1] & 0x80
        while more:
            (byte,) = self.rfile.read(1)
            length, shift, more = length | (byte & 0x7F) << shift, shift + 7, byte & 0x80
        self.rfile.read(length)
        return head[0] & 0xF0


@pytest.fixture
def cutting_port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Cutting) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield server.server_address[1]
        server.shutdown()
        serving.join()


def test_a_broker_that_cuts_whoever_publishes_is_told(cutting_port: int) -> None:
    with pytest.raises(BrokerError, match="cut the connection when something was published"):
        try_out(f"mqtt://edge-1:secret@127.0.0.1:{cutting_port}", "home")
