"""An InfluxDB made ready for a hub: its database without an end, a user for the hub and one that only reads.

Everything may be called again: what is there stays, and what is missing is made. Of 2.x and 3 the HTTP API of
version 2 is spoken; https://docs.influxdata.com/influxdb/v2/api/ has its shapes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import httpx

from sensor_hub.adapters.storage.influx_http import TIMEOUT_S, Query, refusal, silence
from sensor_hub.adapters.storage.influxql import Series, name, text
from sensor_hub.errors import StoreError

HUB: Final = "sensor-hub"
READER: Final = "grafana"
POLICY: Final = "autogen"
INFINITE: Final = "0s"

State = Literal["there", "made", "missing", "wrong"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a hub needs of its server. mend : what to do where it is wrong, and nobody could."""

    what: str
    state: State
    mend: str = ""


class Secrets(Protocol):
    """Where passwords and tokens go that are drawn: told to a person once, or into files."""

    def draw(self, who: str) -> str:
        """Return a new password of a user, kept before anybody uses it; the same again until it is used."""
        ...

    def keep(self, who: str, secret: str) -> None:
        """Keep what the server drew."""
        ...


class SetUp(Protocol):
    """One kind of server."""

    def run(self, secrets: Secrets | None) -> Iterator[Found]:
        """Yield what is there, and make what is not; without ``secrets`` only look."""
        ...


class SetUpV1:
    """InfluxDB 1.x, by InfluxQL as one of its administrators.

    admin : (user, password); None for a server that asks nobody. An empty server that asks gets this administrator.
    """

    def __init__(self, url: str, database: str, admin: tuple[str, str] | None) -> None:
        self._url, self._database, self._admin = url, database, admin
        self._where = f"InfluxDB {url}, database {database!r}"

    def run(self, secrets: Secrets | None) -> Iterator[Found]:
        """Yield what is there, and make what is not; without ``secrets`` only look."""
        with httpx.Client(base_url=self._url, timeout=TIMEOUT_S, auth=self._admin) as client:
            ask = Query(client, self._where, "").ask
            if self._admin is not None and secrets is not None:
                self._first_admin(*self._admin)
            yield from self._of_database(ask, makes=secrets is not None)
            yield from self._of_users(ask, secrets)
        yield self._asks()

    def _first_admin(self, user: str, password: str) -> None:
        """Make the administrator where a server has none: only then it lets anybody do that, and nothing else."""
        with httpx.Client(base_url=self._url, timeout=TIMEOUT_S) as client:
            query = f"CREATE USER {name(user)} WITH PASSWORD {text(password)} WITH ALL PRIVILEGES"
            try:
                client.post("/query", data={"q": query})
            except httpx.HTTPError as error:
                raise silence(self._where, error) from error

    def _of_database(self, ask: Callable[[str], list[Series]], *, makes: bool) -> Iterator[Found]:
        what = f"database {self._database}"
        if self._database in {row[0] for series in ask("SHOW DATABASES") for row in series.rows}:
            yield Found(what, "there")
        elif makes:
            ask(f"CREATE DATABASE {name(self._database)}")
            yield Found(what, "made")
        else:
            yield Found(what, "missing")
            return
        policy, duration = default_policy(ask, self._database)
        what = f"retention {policy}"
        if duration == INFINITE:
            yield Found(what, "there")
        elif makes:
            ask(f"ALTER RETENTION POLICY {name(policy)} ON {name(self._database)} DURATION INF")
            yield Found(what, "made")
        else:
            yield Found(what, "wrong", told_of_policy(self._database, policy, duration))

    def _of_users(self, ask: Callable[[str], list[Series]], secrets: Secrets | None) -> Iterator[Found]:
        users = {row[0] for series in ask("SHOW USERS") for row in series.rows}
        for user, right, granted in ((HUB, "ALL", "ALL PRIVILEGES"), (READER, "READ", "READ")):
            what, grant = f"user {user}", f"GRANT {right} ON {name(self._database)} TO {name(user)}"
            if user not in users:
                if secrets is None:
                    yield Found(what, "missing")
                    continue
                ask(f"CREATE USER {name(user)} WITH PASSWORD {text(secrets.draw(user))}")
                ask(grant)
                yield Found(what, "made")
            elif [self._database, granted] in [row for s in ask(f"SHOW GRANTS FOR {name(user)}") for row in s.rows]:
                yield Found(what, "there")
            elif secrets is None:
                yield Found(what, "wrong", f"it may not {right.lower()} {self._database}: {grant}")
            else:
                ask(grant)
                yield Found(what, "made")

    def _asks(self) -> Found:
        with httpx.Client(base_url=self._url, timeout=TIMEOUT_S) as client:
            try:
                answered = client.post("/query", data={"q": "SHOW DATABASES"})
            except httpx.HTTPError as error:
                raise silence(self._where, error) from error
        if answered.status_code == httpx.codes.UNAUTHORIZED:
            return Found("sign-in", "there")
        return Found("sign-in", "wrong", "the server lets in everybody: auth-enabled = true in its section [http]")


class SetUpV2:
    """InfluxDB 2.x, by its HTTP API with a token that may manage the organization."""

    def __init__(self, url: str, bucket: str, org: str, token: str) -> None:
        self._url, self._bucket, self._org, self._token = url, bucket, org, token
        self._where = f"InfluxDB {url}, bucket {bucket!r}"

    def run(self, secrets: Secrets | None) -> Iterator[Found]:
        """Yield what is there, and make what is not; without ``secrets`` only look."""
        headers = {"Authorization": f"Token {self._token}"}
        with httpx.Client(base_url=self._url, timeout=TIMEOUT_S, headers=headers) as client:
            orgs = self._call(client, "GET", "/api/v2/orgs", params={"org": self._org})["orgs"]
            if not orgs:
                raise StoreError(f"{self._where}: there is no organization {self._org!r}; give it in the URL, ?org=…")
            org_id = orgs[0]["id"]
            found, bucket_id = self._of_bucket(client, org_id, makes=secrets is not None)
            yield from found
            if bucket_id is None:
                return
            yield self._of_mapping(client, org_id, bucket_id, makes=secrets is not None)
            yield self._of_token(client, org_id, bucket_id, secrets)
            yield self._of_reader(client, org_id, bucket_id, secrets)

    def _of_bucket(self, client: httpx.Client, org_id: str, *, makes: bool) -> tuple[list[Found], str | None]:
        what, asked = f"bucket {self._bucket}", {"orgID": org_id, "name": self._bucket}
        buckets = self._call(client, "GET", "/api/v2/buckets", params=asked)["buckets"]
        if not buckets:
            if not makes:
                return [Found(what, "missing")], None
            made = self._call(client, "POST", "/api/v2/buckets", json=asked | {"retentionRules": []})
            return [Found(what, "made"), Found("retention", "there")], made["id"]
        bucket = buckets[0]
        ends = [rule["everySeconds"] for rule in bucket.get("retentionRules", []) if rule.get("everySeconds")]
        if not ends:
            return [Found(what, "there"), Found("retention", "there")], bucket["id"]
        if makes:
            rules = {"retentionRules": [{"type": "expire", "everySeconds": 0}]}
            self._call(client, "PATCH", f"/api/v2/buckets/{bucket['id']}", json=rules)
            return [Found(what, "there"), Found("retention", "made")], bucket["id"]
        wrong = f"the bucket drops points after {ends[0]} s, and refuses late ones and the marks of what was received"
        return [Found(what, "there"), Found("retention", "wrong", wrong)], bucket["id"]

    def _of_mapping(self, client: httpx.Client, org_id: str, bucket_id: str, *, makes: bool) -> Found:
        """A database and policy of InfluxQL under the bucket's name."""
        what, asked = f"mapping {self._bucket}/{POLICY}", {"orgID": org_id, "bucketID": bucket_id}
        mapped = self._call(client, "GET", "/api/v2/dbrps", params=asked)["content"]
        if any(one["database"] == self._bucket and one["default"] for one in mapped):
            return Found(what, "there")
        if not makes:
            return Found(what, "missing")
        new = asked | {"database": self._bucket, "retention_policy": POLICY, "default": True}
        self._call(client, "POST", "/api/v2/dbrps", json=new)
        return Found(what, "made")

    def _of_token(self, client: httpx.Client, org_id: str, bucket_id: str, secrets: Secrets | None) -> Found:
        described = f"{HUB}: {self._bucket}"
        asked = self._call(client, "GET", "/api/v2/authorizations", params={"orgID": org_id})
        if any(one.get("description") == described for one in asked["authorizations"]):
            return Found(f"token {HUB}", "there")
        if secrets is None:
            return Found(f"token {HUB}", "missing")
        rights = _rights(org_id, bucket_id, "read", "write")
        new = {"orgID": org_id, "description": described, "permissions": rights}
        secrets.keep(HUB, self._call(client, "POST", "/api/v2/authorizations", json=new)["token"])
        return Found(f"token {HUB}", "made")

    def _of_reader(self, client: httpx.Client, org_id: str, bucket_id: str, secrets: Secrets | None) -> Found:
        """A user and password of InfluxQL, as the API before had them; without a password nobody gets in by it."""
        path = "/private/legacy/authorizations"
        known = self._call(client, "GET", path, params={"orgID": org_id})["authorizations"]
        if any(one["token"] == READER for one in known):
            return Found(f"user {READER}", "there")
        if secrets is None:
            return Found(f"user {READER}", "missing")
        password = secrets.draw(READER)
        rights = _rights(org_id, bucket_id, "read")
        new = {"orgID": org_id, "token": READER, "description": f"reads {self._bucket}", "permissions": rights}
        made = self._call(client, "POST", path, json=new)
        self._call(client, "POST", f"{path}/{made['id']}/password", json={"password": password})
        return Found(f"user {READER}", "made")

    def _call(self, client: httpx.Client, method: str, path: str, **said: Any) -> Any:
        try:
            answered = client.request(method, path, **said)
        except httpx.HTTPError as error:
            raise silence(self._where, error) from error
        if answered.status_code == httpx.codes.NOT_FOUND and method == "GET":
            # of what is asked by a name that it does not know, a server says this too
            return {"orgs": [], "buckets": [], "content": [], "authorizations": []}
        if not answered.is_success:
            raise refusal(self._where, answered.status_code, answered.text)
        try:
            return answered.json() if answered.content else {}
        except ValueError as error:
            raise StoreError(f"{self._where}: its answer is no JSON; is this an InfluxDB 2?") from error


def default_policy(ask: Callable[[str], list[Series]], database: str) -> tuple[str, str]:
    """Return name and duration of the policy that a database's points go by; "0s" is without an end."""
    for series in ask(f"SHOW RETENTION POLICIES ON {name(database)}"):
        for record in series.records():
            if record["default"]:
                return record["name"], record["duration"]
    return POLICY, INFINITE


def told_of_policy(database: str, policy: str, duration: str) -> str:
    """Return why a policy that drops points cannot be, and what mends it."""
    return (
        f"the server drops points after {duration}, and so refuses what comes late and all marks of what was "
        f"received: 'sensor-hub store init', or ALTER RETENTION POLICY {name(policy)} ON {name(database)} DURATION INF"
    )


def _rights(org_id: str, bucket_id: str, *actions: str) -> list[dict[str, Any]]:
    resource = {"type": "buckets", "id": bucket_id, "orgID": org_id}
    return [{"action": action, "resource": resource} for action in actions]
