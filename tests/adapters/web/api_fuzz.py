"""``make fuzz-api``: what a real hub's OpenAPI document promises, held to over a real server, by schemathesis.

Requests are made from the document, with what is there put in for most of the ids. No answer may be a 500, none may
have a status or a body that the document does not tell of.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sensor_hub.app.accounts import HubAccounts
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.config import load_settings

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ASKERS = ("operator", "admin", "runner", "nobody")
PASSWORD = "meadow lantern gravel tuesday"  # noqa: S105 (of nobody)
FOUND = "01kaeh7q6nv0"


class Served:
    """A hub with two people, three runs by hand, a diary and a pair of shoes; asked as somebody."""

    def __init__(self, folder: Path) -> None:
        chosen = load_settings(data_dir=folder, web_port=0, mqtt_port=0, mqtt="", store="", zone="Europe/Berlin")
        self.hub = Hub(chosen, Place.at(folder))
        people = [self.hub.registry.add_athlete(name, "Europe/Berlin") for name in ("Ana Example", "Ben Example")]
        self.people = [person.id for person in people]
        self.hub.start()
        self.headers: dict[str, str] = {}
        self.sids: list[str] = []

    def ask_as(self, asker: str) -> None:
        """Be somebody from now on; the operator only before the first account."""
        self.headers = {"X-Sensor-Hub": "1"}
        if asker == "operator":
            return
        accounts = HubAccounts(self.hub.registry)
        known = {account.name: account for account in accounts.accounts()}
        boss = known.get("boss") or accounts.add("boss", "admin", PASSWORD)
        runner = known.get("ana") or accounts.add("ana", "runner", PASSWORD, [self.people[0]])
        if "spare" not in known:  # the account that the admin may change and remove
            accounts.add("spare", "coach", PASSWORD)
        if asker != "nobody":
            mine = boss if asker == "admin" else runner
            secret = accounts.add_token(mine.id, "fuzz", reads_only=False)[1]
            self.headers["Authorization"] = f"Bearer {secret}"

    @property
    def url(self) -> str:
        """Where it is asked."""
        return str(self.hub.page_url)

    def fill(self) -> None:
        """Put something into it."""
        day = datetime.now(UTC).date() - timedelta(days=3)
        with httpx.Client(base_url=self.url, timeout=60.0) as client:
            for who in self.people:
                runs = [
                    {"kind": "add-run", "on": (day - timedelta(days=4 * k)).isoformat(), "distance_m": 6000 + 900 * k,
                     "duration_s": 2400}
                    for k in range(3)
                ]  # fmt: skip
                client.post(f"/api/athletes/{who}/edits", json=runs).raise_for_status()
                at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
                pain = {"kind": "pain", "at_utc": at.isoformat(), "when": "morning", "level": 1.5, "side": "L"}
                client.post(f"/api/athletes/{who}/diary", json=pain).raise_for_status()
                client.post(f"/api/athletes/{who}/shoes", json={"name": "Grey"}).raise_for_status()
                sessions = client.get(f"/api/athletes/{who}/sessions").raise_for_status().json()
                self.sids += [one["sid"] for one in sessions]


@contextmanager
def served() -> Iterator[Served]:
    """Run a hub."""
    with TemporaryDirectory(prefix="fuzz-api-") as folder:
        one = Served(Path(folder))
        try:
            one.fill()
            yield one
        finally:
            one.hub.stop()


def document_of(one: Served) -> Any:
    """The document as it is served to the operator: it is the same for everybody who may have it."""
    app: Any = one.hub._web._app  # type: ignore[union-attr]
    return app.openapi()


def hold(one: Served, n_examples: int, seed: int = 0) -> tuple[Counter[str], list[str]]:
    """Ask every operation; return how often it answered what, and what was broken."""
    schema = openapi.from_dict(document_of(one))
    answered: Counter[str] = Counter()
    broken: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        try:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _hold_one(operation, mode, one, n_examples, seed, answered)
        except (AssertionError, schemathesis.errors.SchemathesisError, BaseExceptionGroup) as problem:
            broken.append(f"{operation.label}: {problem}"[:3000])
    return answered, broken


def _hold_one(
    operation: Any, mode: GenerationMode, one: Served, n_examples: int, seed: int, answered: Counter[str]
) -> None:
    """Ask one operation for what it takes, or for what it does not."""
    if mode is GenerationMode.NEGATIVE and not operation.body and not operation.query:
        return  # whatever stands in an address is a name
    real = {"athlete": one.people, "sid": one.sids or [FOUND], "name": ["spare"]}

    @settings(
        max_examples=n_examples, deadline=None, database=None, derandomize=seed == 0,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: Any) -> None:
        for name, values in real.items():
            if name in (case.path_parameters or {}) and data.draw(st.integers(0, 3), label="real") < 3:
                case.path_parameters[name] = data.draw(st.sampled_from(values), label=name)
        response = case.call(base_url=one.url, headers=one.headers, timeout=60)
        answered[f"{response.status_code // 100}xx"] += 1
        answered[str(response.status_code)] += 1
        case.validate_response(response, checks=CHECKS)

    ask()


def main() -> int:
    """Hold every asker to it; say what was asked and what broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--only", choices=ASKERS)
    parser.add_argument("--seed", type=int, default=0, help="0 asks the same every time, any other number what comes")
    chosen = parser.parse_args()
    n_broken = 0
    for asker in [chosen.only] if chosen.only else ASKERS:
        with served() as one:
            one.ask_as(asker)
            answered, broken = hold(one, chosen.examples, chosen.seed)
        print(f"{asker}: {dict(sorted(answered.items()))}; broken: {len(broken)}")
        print("\n\n".join(broken))
        n_broken += len(broken)
    return 1 if n_broken else 0


if __name__ == "__main__":
    sys.exit(main())
