"""The hub's end of sending: a process for each message, with a limit to how long it may take.

A process of its own, because the library behind it knows a hundred services and each logs and reads what it likes: what
it may not do is refused there (``fence``), what it logs goes nowhere, and a service that hangs ends with it. It starts
once for a message, of which a hub has a few a day, and the hub itself never loads the library.
"""

import json
import os
import subprocess
import sys
from typing import Any, Final

from sensor_hub.errors import NotifyError

LONGEST_S: Final = 90.0  # a mail server may take its time
_PASSED_ON: Final = (
    "PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip


class Sender:
    """Hands messages to a service. An address is never in an error, an argument or a log.

    private : whether addresses in private networks, and on this machine, may be reached.
    """

    def __init__(self, *, private: bool = False, longest_s: float = LONGEST_S) -> None:
        self._private, self._longest_s = private, longest_s

    def check(self, url: str) -> str:
        """Return the name of the service behind an address; NotifyError if there is none, or it is not allowed."""
        return str(self._asked({"do": "check", "url": url})["service"])

    def send(self, url: str, title: str, body: str) -> None:
        """Hand a message over; NotifyError if it was not taken."""
        self._asked({"do": "send", "url": url, "title": title, "body": body})

    def _asked(self, order: dict[str, object]) -> dict[str, Any]:
        """Let a process do something. By stdin, as process lists show arguments, and with little of our environment."""
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        command = [
            sys.executable,
            "-PB",  # nothing from this folder, and nothing written of what is loaded
            "-m",
            "sensor_hub.adapters.notify.sending",
        ]
        try:
            done = subprocess.run(  # noqa: S603 (our own module)
                command,
                input=json.dumps(order | {"private": self._private}).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._longest_s,
                check=False,
                env=environment,
                start_new_session=True,  # Ctrl-C ends the hub, and lets the message in hand go
            )
        except subprocess.TimeoutExpired:
            raise NotifyError(f"the service did not answer within {self._longest_s:g} s") from None
        except OSError as error:
            raise NotifyError(f"no process could be started to send it: {error.strerror}") from None
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            raise NotifyError("the process that sends messages failed") from None
        if answer.get("problem") is not None:
            raise NotifyError(str(answer["problem"]))
        return dict(answer)
