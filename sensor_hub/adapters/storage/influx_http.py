"""The wire to an InfluxDB: two ways to write, one to ask. Nothing is buffered: a return means the server has it."""

from typing import Final, Literal, Protocol, TypeAlias

import httpx

from sensor_hub.adapters.storage.influxql import Series, answer, without_secrets
from sensor_hub.errors import ConfigError, StoreError

Api: TypeAlias = Literal["v1", "v2"]
TIMEOUT_S: Final = 30.0
_MENDS: Final = {
    400: "it refuses what was sent",
    401: "it refuses the user or the token; check both",
    403: "this user or token may not do that; give it read and write access to the database",
    404: "the database or bucket is not there; create it (2.x: with a DBRP mapping), or check its name",
    413: "it refuses bodies of this size; raise its `max-body-size`",
}


def refusal(where: str, status: int, message: str) -> StoreError:
    """Return the error for an answer that is not a success; a server's message rides along, without secrets."""
    mend = _MENDS.get(status, "it failed; see its own log")
    return StoreError(f"{where}: {mend} (HTTP {status}: {without_secrets(message)})")


def silence(where: str, error: Exception) -> StoreError:
    """Return the error for no answer at all."""
    return StoreError(f"{where}: no answer ({type(error).__name__}); is it running, and is the address right?")


class Writer(Protocol):
    """Sends one text of line protocol."""

    def write(self, document: str) -> None:
        """Return when the server has it on disk; StoreError otherwise."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


class V1Writer:
    """``POST /write`` of InfluxDB 1.x."""

    def __init__(self, client: httpx.Client, where: str, database: str) -> None:
        self._client, self._where, self._database = client, where, database

    def write(self, document: str) -> None:
        """204 means that the points are in the write-ahead log, fsynced."""
        try:
            response = self._client.post(
                "/write", params={"db": self._database, "precision": "ns"}, content=document.encode()
            )
        except httpx.HTTPError as error:
            raise silence(self._where, error) from error
        if response.status_code != httpx.codes.NO_CONTENT:
            raise refusal(self._where, response.status_code, response.text)

    def close(self) -> None:
        """Nothing of its own: the client belongs to the store."""


class V2Writer:
    """``POST /api/v2/write`` of InfluxDB 2.x and 3 by influxdb-client, synchronously and as one string.

    Never its batching mode: that has no disk queue and drops points without an exception.
    """

    def __init__(self, url: str, where: str, bucket: str, org: str, token: str) -> None:
        try:
            from influxdb_client.client.influxdb_client import InfluxDBClient
            from influxdb_client.client.write_api import SYNCHRONOUS
        except ImportError as error:
            raise ConfigError(
                "InfluxDB 2 needs the extra `influx`: pip install 'sensor-hub[influx]'; or use influx+v1://"
            ) from error
        self._where, self._bucket = where, bucket
        self._client = InfluxDBClient(url=url, token=token, org=org, timeout=int(TIMEOUT_S * 1000))
        self._api = self._client.write_api(write_options=SYNCHRONOUS)

    def write(self, document: str) -> None:
        """Return when the server said 204."""
        from influxdb_client._sync.rest import urllib3  # type: ignore[attr-defined]  # its errors come through
        from influxdb_client.rest import ApiException

        try:
            self._api.write(bucket=self._bucket, record=document)
        except ApiException as error:
            body = error.body.decode("utf-8", "replace") if isinstance(error.body, bytes) else str(error.body or "")
            # `from None`: its text shows the answer's headers
            raise refusal(self._where, int(error.status or 0), body) from None
        except urllib3.exceptions.HTTPError as error:
            raise silence(self._where, error) from error

    def close(self) -> None:
        """Release connections."""
        self._api.close()  # type: ignore[no-untyped-call]
        self._client.close()  # type: ignore[no-untyped-call]


class Query:
    """``/query`` of InfluxDB 1.x, and of 2.x and 3 by their compatibility layer."""

    def __init__(self, client: httpx.Client, where: str, database: str) -> None:
        self._client, self._where, self._database = client, where, database

    def ask(self, query: str) -> list[Series]:
        """Return the series of one statement; times are integer nanoseconds."""
        # chunked: an answer in one piece is silently limited to `max-row-limit`, one in parts is not
        params = {"db": self._database, "epoch": "ns", "chunked": "true"}
        try:
            response = self._client.post("/query", params=params, data={"q": query})
        except httpx.HTTPError as error:
            raise silence(self._where, error) from error
        if response.status_code != httpx.codes.OK:
            raise refusal(self._where, response.status_code, response.text)
        return answer(response.text, self._where)
