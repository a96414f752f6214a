"""Real InfluxDB and VictoriaMetrics on loopback, each on a free port with its data in a given folder."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests import need

READY_WITHIN_S = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _serving(command: list[str], folder: Path, ready_url: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """Run a server until the block ends; fail with its log if it does not answer."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=os.environ | (env or {})
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(ready_url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} is not ready:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def influxd(folder: Path, *, admin: tuple[str, str] | None = None, asks: bool = False) -> Iterator[str]:
    """Start an InfluxDB 1.x; yields its address. With ``admin`` it asks for that user and password.

    asks : it asks for a user and password, and has none yet.
    """
    command = need.command("influxd")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {
        "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{port}",
        "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{free_port()}",
        "INFLUXDB_META_DIR": str(folder / "meta"),
        "INFLUXDB_DATA_DIR": str(folder / "data"),
        "INFLUXDB_DATA_WAL_DIR": str(folder / "wal"),
        "INFLUXDB_REPORTING_DISABLED": "true",
        "INFLUXDB_HTTP_AUTH_ENABLED": "true" if admin or asks else "false",
    }
    with _serving([command, "run", "-config", os.devnull], folder, f"{url}/ping", env):
        if admin:
            user, password = admin
            query = f"CREATE USER \"{user}\" WITH PASSWORD '{password}' WITH ALL PRIVILEGES"
            httpx.post(f"{url}/query", data={"q": query}, trust_env=False).raise_for_status()
        yield url


@dataclass(frozen=True)
class RealV2:
    """A real InfluxDB 2.x that runs elsewhere; no package has one."""

    url: str
    token: str
    org: str

    @classmethod
    def given(cls) -> "RealV2 | None":
        """The one that SENSOR_HUB_TEST_INFLUX2_URL, …_TOKEN and …_ORG name; None without."""
        url, token, org = (os.environ.get(f"SENSOR_HUB_TEST_INFLUX2_{name}", "") for name in ("URL", "TOKEN", "ORG"))
        return cls(url, token, org) if url else None

    def new_bucket(self, bucket: str) -> None:
        """Make a bucket, and let InfluxQL read it under its own name, as the compose stack does."""
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Token {self.token}"}, trust_env=False) as ask:
            org = ask.get("/api/v2/orgs", params={"org": self.org}).raise_for_status().json()["orgs"][0]["id"]
            wanted = {"orgID": org, "name": bucket, "retentionRules": []}
            made = ask.post("/api/v2/buckets", json=wanted).raise_for_status().json()
            names = {"orgID": org, "bucketID": made["id"], "database": bucket, "retention_policy": "autogen"}
            ask.post("/api/v2/dbrps", json=names | {"default": True}).raise_for_status()


@contextmanager
def victoria(folder: Path) -> Iterator[str]:
    """Start a VictoriaMetrics; yields its address."""
    command = need.command("victoria-metrics")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = [f"-httpListenAddr=127.0.0.1:{port}", f"-storageDataPath={folder / 'data'}", "-retentionPeriod=100y"]
    with _serving([command, *options], folder, f"{url}/health"):
        yield url


@dataclass
class Front:
    """A door in front of an InfluxDB 1.x; ``bodies`` are the texts written through it, ``refuse`` an HTTP status."""

    url: str
    influx_url: str
    token: str
    bodies: list[bytes] = field(default_factory=list)
    refuse: int | None = None


@contextmanager
def front_door(influx_url: str, token: str = "") -> Iterator[Front]:
    """Speak ``/api/v2/write`` with a token, as InfluxDB 2 does, for a real 1.x; everything else goes through."""
    front = Front("", influx_url, token)
    upstream = httpx.Client(base_url=influx_url, trust_env=False)

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: in two, a delayed ACK costs 40 ms a request

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = urlsplit(self.path)
            params = {name: values[-1] for name, values in parse_qs(asked.query).items()}
            path = asked.path
            if token and self.headers.get("Authorization") != f"Token {token}":
                return self._reply(401, b'{"code":"unauthorized","message":"unauthorized access"}')
            if path in {"/write", "/api/v2/write"}:
                front.bodies.append(body)
                if front.refuse is not None:
                    return self._reply(front.refuse, b'{"message":"refused"}')
            if path == "/api/v2/write":
                path, params = "/write", {"db": params["bucket"], "precision": params["precision"]}
            headers = {"Content-Type": self.headers.get("Content-Type", "text/plain")}
            answer = upstream.post(path, params=params, content=body, headers=headers)
            return self._reply(answer.status_code, answer.content)

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if status == 204 else body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    front.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        upstream.close()
