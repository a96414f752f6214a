"""A real PostgreSQL for tests: its own port, its own folder, ended by its own pid."""

import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests import need
from tests.servers_mqtt import free_port

USER: Final = "hub"
READY_WITHIN_S: Final = 30.0
GONE_WITHIN_S: Final = 30.0
_FOLDERS: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, or skip; Debian keeps them out of PATH."""
    for folder in reversed(_FOLDERS):
        if (folder / name).exists():
            return str(folder / name)
    return need.command(name)


class Postgres:
    """A running server. ``stop`` ends it in order, ``kill`` does not; ``restart`` brings it back on the same port.

    It refuses to run as root, and so runs as somebody else then, in a folder of theirs.
    """

    def __init__(self, *, tls: tuple[str, str] | None = None) -> None:
        """``tls`` is a certificate and its key, as PEM texts."""
        initdb, self._postgres, self._psql = program("initdb"), program("postgres"), program("psql")
        self.password = secrets.token_hex(8)
        self.port = free_port()
        # Others cannot enter pytest's folders.
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        self._alive = -1  # nothing is ever written into this pipe: it ends with the last process of the server
        self._who = _somebody()
        (self.folder / "password").write_text(self.password)
        if self._who is not None:
            for path in (self.folder, self.folder / "password"):
                os.chown(path, *self._who)
        how = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        self._run(initdb, "-D", "data", "-U", USER, "--pwfile=password", *how)
        (self.folder / "data" / "postgresql.auto.conf").write_text(
            f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n"
            f"full_page_writes = off\nautovacuum = off\nshared_buffers = 16MB\n"
            f"max_connections = 60\n{'ssl = on' if tls else ''}\n"
        )
        for name, text in zip(("server.crt", "server.key"), tls or (), strict=False):
            path = self.folder / "data" / name
            path.write_text(text)
            path.chmod(0o600)
            if self._who is not None:
                os.chown(path, *self._who)
        self.restart()

    def url(self, database: str, **options: str) -> str:
        """Return the address of a database as the setting ``registry`` takes it."""
        more = "?" + "&".join(f"{name}={value}" for name, value in options.items()) if options else ""
        return f"postgresql+pg8000://{USER}:{self.password}@127.0.0.1:{self.port}/{database}{more}"

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements, each on its own; return what they printed."""
        asked = [word for statement in statements for word in ("-c", statement)]
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database]
        done = subprocess.run(
            [self._psql, "-XAtq", "-v", "ON_ERROR_STOP=1", *where, *asked],
            env=os.environ | {"PGPASSWORD": self.password}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def stop(self) -> None:
        """End it, with whatever is connected."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it at once, as a power cut would; returns when its children noticed and left."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        log = self.folder / "log"
        self._alive, inherited = os.pipe()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._postgres, "-D", "data"], stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                pass_fds=(inherited,), **self._how(),
            )  # fmt: skip
        os.close(inherited)
        end_s = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                self.sql("SELECT 1")
            except AssertionError:
                told = log.read_text(errors="replace")[-2000:]
                assert self._process.poll() is None, told
                assert time.monotonic() < end_s, told
                time.sleep(0.05)
            else:
                return

    def remove(self) -> None:
        """End it and forget its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
            # A child that has not noticed yet still answers, and keeps a server from starting in this folder.
            left, _, _ = select.select([self._alive], [], [], GONE_WITHIN_S)
            os.close(self._alive)
            assert left, "a process of the server did not leave"

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._how())
        assert done.returncode == 0, done.stderr

    def _how(self) -> dict[str, Any]:
        how: dict[str, Any] = {"cwd": self.folder}
        if self._who is not None:
            how |= {"user": self._who[0], "group": self._who[1], "extra_groups": []}
        return how


def _somebody() -> tuple[int, int] | None:
    """Return who it runs as, where we are root; None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    return need.missing("PostgreSQL does not run as root, and there is nobody else")
