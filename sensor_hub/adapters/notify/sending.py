"""The process that sends one message: an order as JSON on stdin, what became of it as JSON on stdout (apprise).

Nothing that the library logs or raises is passed on, because it may hold the address; of a refusal only the number that
a web server answered with is.
"""

import json
import logging
import re
import sys
from typing import Any, Final

from sensor_hub.adapters.notify.fence import PRIVATE, Fence

# services of the machine that a hub runs on: a desktop nobody sits at, its log, programs beside it
LOCAL: Final = frozenset({
    "dbus", "qt", "glib", "gio", "gnome", "kde", "macosx", "windows", "syslog", "rsyslog", "growl",
})  # fmt: skip
# parameters by which a service reads files of this machine
READS_FILES: Final = frozenset({
    "template", "keyfile", "pgp", "pgpkey", "pgppub", "pgpkeyfile", "subfile", "attach",
})  # fmt: skip
_ERROR: Final = re.compile(r"error=(\d{3})\b")
_UNREACHED: Final = ("connection error", "a connection", "socket", "timed out")
# what a service may come to grief with; whatever it says of it may hold the address. Anything else ends this process.
_WHATEVER: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)
NOT_ALLOWED: Final = (
    "that address is in a private network or on the hub's own machine, which messages may not reach here (whoever runs "
    "the hub can allow it: setting notify_private)"
)


class _Heard(logging.Handler):
    """Listens to what the library says, and keeps of it what holds no secret."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.status: str | None = None
        self.unreached = False

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line in."""
        text = record.getMessage()
        if (found := _ERROR.search(text)) is not None:
            self.status = found[1]
        self.unreached = self.unreached or any(word in text.lower() for word in _UNREACHED)


def done(order: dict[str, Any]) -> dict[str, str]:
    """Do what is ordered; return the service, or the problem as a sentence that shows nothing of the address."""
    url = str(order["url"]).strip()
    if (problem := why_not(url)) is not None:
        return {"problem": problem}
    from apprise import Apprise, AppriseAsset

    heard = _Heard()
    log = logging.getLogger("apprise")
    log.handlers, log.propagate = [heard], False
    log.setLevel(logging.INFO)
    logging.disable(logging.DEBUG)
    asset = AppriseAsset(app_id="sensor_hub", app_desc="sensor_hub", app_url="", storage_mode="memory")
    Apprise(asset=asset).details()  # loads every service, before files are closed to it
    fence = Fence(private=bool(order.get("private")), also_read=[path for path in sys.path if path])
    fence.put_up()
    try:
        service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    except _WHATEVER:
        service = None
    if service is None:
        return {"problem": _refused(fence) or "no service is known by that address: see docs/notifications.md"}
    name = str(service.service_name)
    if order["do"] == "check":
        if not order.get("private") and _is_private_host(service):
            return {"problem": NOT_ALLOWED}
        return {"service": name}
    try:
        was_taken = bool(service.notify(body=str(order["body"]), title=str(order["title"])))
    except _WHATEVER:
        was_taken = False
    if was_taken:
        return {"service": name}
    if (problem := _refused(fence)) is not None:
        return {"problem": problem}
    if heard.status is not None:
        return {"problem": f"{name} answered {heard.status} and did not take it"}
    return {"problem": f"{name} could not be reached" if heard.unreached else f"{name} did not take it"}


def why_not(url: str) -> str | None:
    """Return why an address is none that a hub sends to, from how it is written; None if it may be one."""
    scheme, found, rest = url.partition("://")
    if not found or not re.fullmatch(r"[a-zA-Z0-9]{1,20}", scheme):
        return "an address begins with the name of a service, such as ntfy:// or mailto://"
    if not url.isprintable():
        return "an address is one line without control characters"
    if scheme.lower() in LOCAL or scheme.lower() == "file":
        return f"{scheme.lower()}:// is for the hub's own machine and tells nobody: choose a service of a phone"
    wanted = {part.partition("=")[0].lower().lstrip("+-:") for part in rest.partition("?")[2].split("&")}
    if reads := sorted(wanted & READS_FILES):
        return f"the parameter {reads[0]!r} would have the hub read a file: leave it out"
    return None


def _is_private_host(service: Any) -> bool:
    from sensor_hub.adapters.notify.fence import is_private

    host = str(getattr(service, "smtp_host", None) or getattr(service, "host", None) or "").strip("[]").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".home.arpa", ".internal")):
        return True
    return bool(re.fullmatch(r"[0-9]+(\.[0-9]+){3}|[0-9a-f:.]*:[0-9a-f:.]*", host)) and is_private(host)


def _refused(fence: Fence) -> str | None:
    if fence.refused is None:
        return None
    return NOT_ALLOWED if fence.refused == PRIVATE else f"that address is not allowed: {fence.refused}"


def main() -> None:
    """Read an order, and say what became of it."""
    order = json.loads(sys.stdin.buffer.read())
    answer = json.dumps(done(order))
    sys.__stdout__.write(answer)  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
