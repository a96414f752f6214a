"""The log of a long-running command: on stderr, one line of text or one JSON object a record, and without secrets.

A URL with a password may reach a log through a library's own words, so what looks like one is taken out of every
record, whatever its format.
"""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from pythonjsonlogger.json import JsonFormatter

from sensor_hub.config import Settings

_SECRETS: Final = (
    (re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@]+(?=@)", re.IGNORECASE), r"\g<head>***"),
    (
        re.compile(r"(?P<head>\b(?:token|bearer|basic)\b['\"]?[ :=]+['\"]?)[A-Za-z0-9+/_.=-]{12,}", re.IGNORECASE),
        r"\g<head>***",
    ),
    (re.compile(r"(?P<head>\bpassword\b['\"]?[ :=]+)\S+", re.IGNORECASE), r"\g<head>***"),
    (re.compile(r"(?P<head>\bsensor-hub=)[^\s;,'\"]+"), r"\g<head>***"),  # the cookie of a browser's session
    (re.compile(r"\bshub_\S+"), "shub_***"),
)


def without_secrets(text: str) -> str:
    """Return a text without passwords of URLs, tokens and what is called a password."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class _Plain(logging.Formatter):
    """``2026-11-20T06:31:04.120Z WARNING hub: text``."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (logging's name)
        del datefmt
        return _time_of(record)


class _Json(JsonFormatter):
    """An object with time, level, logger, thread, message, and a traceback where there is one."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        # Each text for itself: in the line that is made of them, a secret would end where the next field does.
        return {key: _shown(value) for key, value in super().process_log_record(log_data).items()}

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 (logging's name)
        del datefmt
        return _time_of(record)


def _shown(value: object) -> object:
    """Return a field of a record as it may be shown: what is no number becomes a text without secrets."""
    return value if value is None or isinstance(value, bool | int | float) else without_secrets(str(value))


def begin(settings: Settings, stream: TextIO | None = None) -> None:
    """Let everything that is logged from now on go to stderr; called by commands that run for long, once.

    Warnings of the libraries below us that say nothing to a person are left out as before.
    """
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(_formatter(settings.log_format))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("sensor_hub").setLevel(settings.log_level.upper())
    logging.getLogger("sensor_hub.audit").setLevel(logging.INFO)  # who came and who was refused is always said
    logging.captureWarnings(True)


def _formatter(log_format: str) -> logging.Formatter:
    if log_format == "json":
        names = {"asctime": "time", "levelname": "level", "name": "logger", "threadName": "thread"}
        return _Json("%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s", rename_fields=names)
    return _Plain("%(asctime)s %(levelname)s %(name)s: %(message)s")


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
