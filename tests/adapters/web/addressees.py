"""Who is told, as a script: everybody has one address, and what is added, removed and tried out is noted."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from sensor_hub.errors import NotifyError
from sensor_hub.model.notifying import QUIET_FROM, QUIET_UNTIL, Addressee, AddresseeView

SENT = datetime(2026, 11, 19, 17, 5, tzinfo=UTC)


def view(key: str, *, athlete: str | None = None, account: str | None = None, label: str = "My phone") -> AddresseeView:
    return AddresseeView(Addressee(key, "", label, "Europe/Berlin", athlete, account), "ntfys", SENT)


@dataclass
class ScriptedAddressees:
    """``refused`` is the next NotifyError; ``urls`` are all that went in."""

    held: dict[str, AddresseeView] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    tried: list[str] = field(default_factory=list)
    refused: str | None = None

    def begin_anew(self) -> None:
        self.__dict__.update(ScriptedAddressees().__dict__)

    def _usual(self, key: str, athlete: str | None, account: str | None) -> list[AddresseeView]:
        self.held.setdefault(key, view(key, athlete=athlete, account=account))
        mine = [v for v in self.held.values() if (v.addressee.athlete, v.addressee.account) == (athlete, account)]
        return [one for one in mine if one.addressee.id not in self.removed]

    def of_athlete(self, athlete: str) -> list[AddresseeView]:
        return self._usual(f"to-{athlete}", athlete, None)

    def of_coach(self, account: str | None) -> list[AddresseeView]:
        return self._usual(f"own-{account}", None, account)

    def find(self, addressee: str) -> AddresseeView | None:
        return None if addressee in self.removed else self.held.get(addressee)

    def add(
        self, url: str, label: str, zone: str, *, athlete: str | None = None, account: str | None = None,
        quiet_from: time | None = None, quiet_until: time | None = None, numbers: bool = False,
    ) -> AddresseeView:  # fmt: skip
        self._refuse()
        self.urls.append(url)
        key = f"added{len(self.urls)}"
        one = Addressee(
            key, "", label, zone, athlete, account, quiet_from or QUIET_FROM, quiet_until or QUIET_UNTIL, numbers
        )
        self.held[key] = AddresseeView(one, url.partition("://")[0])
        return self.held[key]

    def remove(self, addressee: str) -> None:
        self.removed.add(addressee)

    def try_out(self, addressee: str) -> None:
        self._refuse()
        self.tried.append(addressee)

    def fail(self, key: str, problem: str) -> None:
        """Say that the newest message did not go."""
        self.held[key] = replace(self.held[key], problem=problem, n_waiting=1)

    def _refuse(self) -> None:
        if self.refused is not None:
            problem, self.refused = self.refused, None
            raise NotifyError(problem)
