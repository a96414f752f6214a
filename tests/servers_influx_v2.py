"""The management API of InfluxDB 2, as far as a hub speaks it, by the shapes of its official OpenAPI document.

A stand-in: Debian's influxd is 1.6.7. It refuses bodies that lack a field which the document calls required.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

REQUIRED = {
    "/api/v2/buckets": {"orgID", "name", "retentionRules"},
    "/api/v2/dbrps": {"orgID", "bucketID", "database", "retention_policy"},
    "/api/v2/authorizations": {"orgID", "permissions"},
    "/private/legacy/authorizations": {"orgID", "permissions", "token"},
}
LISTED = {
    "/api/v2/orgs": "orgs",
    "/api/v2/buckets": "buckets",
    "/api/v2/dbrps": "content",
    "/api/v2/authorizations": "authorizations",
    "/private/legacy/authorizations": "authorizations",
}


@dataclass
class Management:
    """What the stand-in holds, by path; ``passwords`` of legacy authorizations by their id."""

    url: str
    things: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {path: [] for path in LISTED})
    passwords: dict[str, str] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)


@contextmanager
def management(token: str, org: str = "home") -> Iterator[Management]:
    """Serve until the block ends; whoever has no token is refused."""
    held = Management("")
    held.things["/api/v2/orgs"].append({"id": "00000000000000aa", "name": org})

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if not self._may() or asked.path not in LISTED:
                return self._reply(401 if not self._may() else 404, {"code": "not allowed", "message": "no"})
            wanted = {name: values[0] for name, values in parse_qs(asked.query).items()}
            if asked.path == "/api/v2/orgs":
                wanted = {"name": wanted["org"]}
            found = [t for t in held.things[asked.path] if all(t.get(n, v) == v for n, v in wanted.items())]
            return self._reply(200, {LISTED[asked.path]: found})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not self._may():
                return self._reply(401, {"code": "unauthorized", "message": "unauthorized access"})
            held.changes.append(self.path)
            if self.path.endswith("/password"):
                held.passwords[self.path.split("/")[-2]] = body["password"]
                return self._reply(204, None)
            lacking = REQUIRED[self.path] - body.keys()
            if lacking:
                return self._reply(400, {"code": "invalid", "message": f"lacks {sorted(lacking)}"})
            made = {"id": f"{len(held.changes):016x}", "status": "active"} | body
            if self.path == "/api/v2/authorizations":
                made["token"] = f"drawn-by-the-server-{made['id']}"
            held.things[self.path].append(made)
            return self._reply(201, made)

        def do_PATCH(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            path, _, ident = self.path.rpartition("/")
            held.changes.append(path)
            for thing in held.things[path]:
                if thing["id"] == ident:
                    thing |= body
            self._reply(200, {})

        def _may(self) -> bool:
            return self.headers.get("Authorization") == f"Token {token}"

        def _reply(self, status: int, body: dict[str, Any] | None) -> None:
            said = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if body is not None:
                self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    held.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
