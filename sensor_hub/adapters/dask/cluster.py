"""A Dask scheduler that hands pieces of work to its workers, and gives back what became of them.

A piece whose worker is lost goes to another one. What is sent is pickled: a scheduler, and everybody who may connect to
it, can run any program on its workers, so off this machine it is spoken to over TLS only, with certificates both ways.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

from sensor_hub.errors import ConfigError, WorkerError

if TYPE_CHECKING:
    from distributed import Future

CONNECT_WITHIN_S: Final = 15.0
WORKER_WITHIN_S: Final = 30.0
NO_WORKER_S: Final = 60.0  # so long without any worker, and nobody is waited for any more
ASK_S: Final = 5.0
RETRIES: Final = 0  # a piece that raises is no better on another machine; one whose worker is lost is another matter
FORMS: Final = "give tcp://127.0.0.1:8786, or tls://HOST:PORT with --tls-ca, --tls-cert and --tls-key"
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files (PEM): the authority's certificate, one's own, and its key."""

    ca: Path
    cert: Path
    key: Path


class Cluster(Generic[A, B]):
    """The workers of one scheduler, doing one kind of work."""

    def __init__(self, address: str, work: Callable[[A], B], certificates: Certificates | None = None) -> None:
        """Connect; ConfigError if that cannot be, or without the library."""
        _check(address, certificates)
        self._address, self._work = address, work
        try:
            from dask import config
            from distributed import Client, Security
        except ModuleNotFoundError:
            raise ConfigError(
                "a scheduler needs Dask: install it with pip install 'sensor-hub[dask]', or use --workers N here"
            ) from None
        # Recordings ride with their pieces of work: put on a worker beforehand, they would be lost with it.
        config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
        security = None
        if certificates is not None:
            for file in (certificates.ca, certificates.cert, certificates.key):
                if not file.is_file():
                    raise ConfigError(f"{file}: there is no such file (give PEM files that can be read)")
            security = Security(  # type: ignore[no-untyped-call]
                tls_ca_file=str(certificates.ca), tls_client_cert=str(certificates.cert),
                tls_client_key=str(certificates.key), require_encryption=True,
            )  # fmt: skip
        try:
            self._client: Client = Client(  # type: ignore[no-untyped-call]
                address, timeout=CONNECT_WITHIN_S, security=security, set_as_default=False, heartbeat_interval="2s"
            )
        except (OSError, TimeoutError, ValueError, TypeError) as error:
            raise ConfigError(
                f"scheduler {address}: it cannot be reached: {error or type(error).__name__}"
                " (is it running, 'dask scheduler'? is the address right?)"
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=WORKER_WITHIN_S)
        except TimeoutError:
            self.close()
            raise ConfigError(
                f"scheduler {address}: it has no worker: start one with 'dask worker {address}'"
            ) from None

    @property
    def n_workers(self) -> int:
        """How many threads of workers there are now."""
        if self._client.status != "running":
            return 0
        try:
            known = self._client.scheduler_info(n_workers=-1).get("workers", {})
        except OSError:  # the connection was lost just now
            return 0
        return sum(worker["nthreads"] for worker in known.values())

    def begin(self, what: A) -> "Future[Any]":
        """Give a piece of work away; WorkerError if the cluster is gone."""
        if self._client.status != "running":
            raise self._gone("the connection to it was lost")
        return self._client.submit(self._work, what, pure=False, retries=RETRIES)

    def result(self, begun: "Future[Any]") -> B:
        """Wait for what became of a piece of work; what it raised is raised here.

        Raises
        ------
        WorkerError
            If several workers were lost over this piece, or the cluster is gone.
        """
        from distributed import CancelledError, KilledWorker
        from distributed.comm.core import CommClosedError

        lonely_since_s: float | None = None
        while True:
            try:
                found: B = begun.result(timeout=ASK_S)
            except KilledWorker:
                raise WorkerError("every worker that tried it was lost", is_over=False) from None
            except (CancelledError, CommClosedError):
                raise self._gone("the connection to it was lost") from None
            except TimeoutError:
                if begun.status == "error":  # the work's own
                    raise
                if self._client.status != "running":
                    raise self._gone("the connection to it was lost") from None
                if self.n_workers:
                    lonely_since_s = None
                    continue
                lonely_since_s = time.monotonic() if lonely_since_s is None else lonely_since_s
                if time.monotonic() - lonely_since_s > NO_WORKER_S:
                    raise self._gone("its workers are gone") from None
            else:
                begun.release()  # type: ignore[no-untyped-call]
                return found

    def close(self) -> None:
        """Leave; what is not done yet is not done."""
        self._client.close(timeout=CONNECT_WITHIN_S)  # type: ignore[no-untyped-call]

    def _gone(self, why: str) -> WorkerError:
        told = f"scheduler {self._address}: {why} (what was done stays; call this again to go on)"
        return WorkerError(told, is_over=True)


def _check(address: str, certificates: Certificates | None) -> None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.scheme not in {"tcp", "tls"}:
        raise ConfigError(f"scheduler {address!r} is not usable: {FORMS}")
    if (parts.scheme == "tls") != (certificates is not None):
        raise ConfigError(f"scheduler {address}: tls:// and certificates go together: {FORMS}")
    if parts.scheme == "tcp" and not _is_this_machine(host):
        raise ConfigError(
            f"scheduler {address}: what is sent is about people's health, and not sent anywhere unencrypted: {FORMS}"
        )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


__all__ = ["Certificates", "Cluster"]
