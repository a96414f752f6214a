"""A web server of this machine that takes messages, and says no as often as it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Received:
    """port : where it listens. messages : what came and was taken. refusals : statuses it answers with first."""

    port: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    n_refused: int = 0
    redirect: str | None = None

    @property
    def url(self) -> str:
        """Address of it as a service; what stands before the @ is a secret."""
        return f"json://ana:s3cret-word@127.0.0.1:{self.port}/hook"


@contextmanager
def receiving() -> Iterator[Received]:
    """Run one."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if received.refusals:
                received.n_refused += 1
                self.send_response(received.refusals.pop(0))
            elif received.redirect is not None:
                self.send_response(302)
                self.send_header("Location", received.redirect)
            else:
                received.messages.append(json.loads(body))
                self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.port = server.server_port
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()
