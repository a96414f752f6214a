"""A real mosquitto for tests: its own port, its own folder, ended by its own pid."""

import socket
import subprocess
import time
from pathlib import Path

from tests import need

USER, PASSWORD = "hub", "s3cr-et pass"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_listening(port: int, timeout_s: float = 30.0) -> None:
    end_s = time.monotonic() + timeout_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            assert time.monotonic() < end_s, f"nothing listens on port {port} after {timeout_s} s"
            time.sleep(0.02)
        else:
            return


class Mosquitto:
    """A running broker. ``stop`` ends it in order, ``kill`` does not; ``restart`` brings it back on the same port."""

    def __init__(self, folder: Path, port: int, settings: str) -> None:
        self.folder, self.port = folder, port
        self.url = f"mqtt://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        passwords = folder / "passwords"
        subprocess.run([need.command("mosquitto_passwd"), "-b", "-c", passwords, USER, PASSWORD], check=True)
        self._config = folder / "mosquitto.conf"
        # Started as root, mosquitto gives up its rights and could not write into tmp_path.
        self._config.write_text(
            f"user root\nlistener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            f"persistence true\npersistence_location {folder}/\nset_tcp_nodelay true\n"
            f"max_queued_messages 0\nmax_inflight_messages 5000\nlog_dest file {folder}/mosquitto.log\n{settings}"
        )
        self._command = need.command("mosquitto")
        self.restart()

    def url_for(self, credentials: str) -> str:
        """``user:password@``, or nothing for anonymous."""
        return f"mqtt://{credentials}127.0.0.1:{self.port}"

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self._process = subprocess.Popen([self._command, "-c", self._config], stderr=subprocess.DEVNULL)
        wait_listening(self.port)


def start_mosquitto(tmp_path: Path, port: int | None = None, settings: str = "") -> Mosquitto:
    """Start one; ``settings`` are more lines of its configuration. Skips where mosquitto is not installed."""
    return Mosquitto(tmp_path / "mosquitto", port or free_port(), settings)
