"""Public authorities that are read once a process: httpx reads 140 certificates for each client, 30 ms every time."""

from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
import pytest

_make = httpx.create_ssl_context


@cache
def _of_everybody(trust_env: bool) -> SSLContext:
    return _make(trust_env=trust_env)


def _shared(verify: Any = True, cert: Any = None, trust_env: bool = True) -> SSLContext:
    if verify is True and cert is None:
        return _of_everybody(trust_env)
    return _make(verify=verify, cert=cert, trust_env=trust_env)


def are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients that believe what everybody believes share it."""
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", _shared)
