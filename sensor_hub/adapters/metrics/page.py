"""Metrics as a text, and over HTTP for a process that has no page of its own."""

from threading import Thread
from typing import Final
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, generate_latest, start_http_server

from sensor_hub.errors import ConfigError

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def text_of(registry: CollectorRegistry) -> bytes:
    """Return every metric in Prometheus' text form."""
    return generate_latest(registry)


class MetricsPage:
    """Serves metrics on 127.0.0.1, without a sign-in: they hold numbers only, and nobody but this machine can ask."""

    def __init__(self, registry: CollectorRegistry, port: int) -> None:
        self._server: WSGIServer
        self._thread: Thread
        try:
            self._server, self._thread = start_http_server(port, addr="127.0.0.1", registry=registry)
        except OSError as error:
            raise ConfigError(
                f"metrics: cannot listen on 127.0.0.1 port {port}: {error.strerror or error} (choose another "
                "metrics_port, or 0 for none)"
            ) from None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5.0)
