"""Serving the application from a thread of its own, so that the hub's loop never waits for a page."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from sensor_hub.errors import ConfigError

_START_S: Final = 30.0
_STOP_S: Final = 10.0


class WebServer:
    """uvicorn around an application; ``start`` returns when it listens, ``stop`` when it is gone.

    cert, key : PEM files, both or none; with them it speaks https only, TLS 1.2 or newer.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str = "127.0.0.1",
        port: int = 8080,
        *,
        cert: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self._app, self._host, self._port = app, host, port
        self._tls = encryption(cert, key)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on; before ``start`` the one asked for, where 0 means any free one."""
        return self._port

    @property
    def url(self) -> str:
        """Address of the coach's page, as one on this machine would write it."""
        anywhere = self._host in {"0.0.0.0", "::"}  # noqa: S104 (compared with)
        host = "localhost" if anywhere else f"[{self._host}]" if ":" in self._host else self._host
        return f"{'http' if self._tls is None else 'https'}://{host}:{self._port}"

    def start(self) -> None:
        """Listen and serve; ConfigError if the port is taken or the host is not ours."""
        if self._thread is not None:
            raise ValueError("already started")
        listener = self._listen()
        self._port = listener.getsockname()[1]
        tls = self._tls
        config = uvicorn.Config(
            self._app, log_config=None, log_level="warning", access_log=False, server_header=False, lifespan="on",
            timeout_graceful_shutdown=2, proxy_headers=False,
            ssl_context_factory=None if tls is None else lambda _config, _default: tls,
        )  # fmt: skip
        self._server = server = _Announcing(config)
        self._thread = threading.Thread(target=server.run, args=([listener],), name="web", daemon=True)
        self._thread.start()
        server.ready.wait(_START_S)
        if not server.started:
            self.stop()
            listener.close()
            raise ConfigError(f"the web server did not start on {self.url}; the log says why")

    def stop(self) -> None:
        """Close every connection and end the thread; safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_STOP_S)
        self._server = self._thread = None

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            listener.listen(128)
        except OSError as problem:
            listener.close()
            raise ConfigError(
                f"web page: cannot listen on {self._host} port {self._port}: {problem.strerror or problem} "
                "(stop the program that holds the port, or choose another one; 0 takes any free port)"
            ) from None
        return listener


def encryption(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Return what a server encrypts with; None without a certificate. ConfigError names the file that does not do."""
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise ConfigError("web page: set web_cert and web_key both (SENSOR_HUB_WEB_CERT, SENSOR_HUB_WEB_KEY), or none")
    for setting, file in (("web_cert", cert), ("web_key", key)):
        try:
            file.read_bytes()
        except OSError as problem:
            raise ConfigError(f"web page: {setting} {file}: {problem.strerror or problem}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key with a passphrase would ask on the terminal of a service.
        context.load_cert_chain(cert, key, password=lambda: "")
    except (ssl.SSLError, ValueError) as problem:
        why = getattr(problem, "reason", None) or str(problem)
        raise ConfigError(
            f"web page: web_cert {cert} and web_key {key} do not go together, or are no PEM files without a passphrase "
            f"({why}); give the certificate and the key that it was made with"
        ) from None
    return context


class _Announcing(uvicorn.Server):
    """uvicorn's server, which says when it has started or failed to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is connected; a WebSocket that is closing already ends by itself."""
        # uvicorn would tell it once more, which raises, and nothing of the application would be put away.
        for connection in list(self.server_state.connections):
            websocket = getattr(connection, "conn", None)
            if getattr(getattr(websocket, "state", None), "name", "") in {"CLOSING", "CLOSED"}:
                self.server_state.connections.discard(connection)
        await super().shutdown(sockets)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop; ``ready`` is set at the latest when this returns."""
        try:
            super().run(sockets)
        finally:
            self.ready.set()
