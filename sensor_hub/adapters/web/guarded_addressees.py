"""Who is told, for one asker: a runner's own are theirs alone, a coach's are the coach's alone."""

from datetime import time

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import notify_labels
from sensor_hub.adapters.web.rights import Forbidden, NotKnown, Rights
from sensor_hub.model.notifying import AddresseeView
from sensor_hub.model.ports import Addressees


class SeenAddressees:
    """Addressees, for one asker."""

    def __init__(self, addressees: Addressees, rights: Rights) -> None:
        self._addressees, self._rights = addressees, rights

    def of_athlete(self, athlete: str) -> list[AddresseeView]:
        """Those of somebody who is the asker."""
        who = self._rights.person(athlete).id
        self._rights.demand("set-notifying", athlete=who)
        return self._addressees.of_athlete(who)

    def of_coach(self, account: str | None) -> list[AddresseeView]:
        """Those of the coach who asks."""
        self._demand_coach(account)
        return self._addressees.of_coach(account)

    def find(self, addressee: str) -> AddresseeView | None:
        """One of the asker's; NotKnown alike of none and of somebody else's."""
        found = self._addressees.find(addressee)
        try:
            if found is not None:
                self._demand_owner(found.addressee.athlete, found.addressee.account)
                return found
        except Forbidden:
            pass
        raise NotKnown(notify_labels.no_addressee())

    def add(
        self, url: str, label: str, zone: str, *, athlete: str | None = None, account: str | None = None,
        quiet_from: time | None = None, quiet_until: time | None = None, numbers: bool = False,
    ) -> AddresseeView:  # fmt: skip
        """Add one of the asker's."""
        who = None if athlete is None else self._rights.person(athlete).id
        self._demand_owner(who, account)
        return self._addressees.add(
            url, label, zone, athlete=who, account=account, quiet_from=quiet_from, quiet_until=quiet_until,
            numbers=numbers,
        )  # fmt: skip

    def remove(self, addressee: str) -> None:
        """Tell nobody there any more."""
        self.find(addressee)
        self._addressees.remove(addressee)

    def try_out(self, addressee: str) -> None:
        """Send a test."""
        self.find(addressee)
        self._addressees.try_out(addressee)

    def _demand_owner(self, athlete: str | None, account: str | None) -> None:
        if athlete is None:
            self._demand_coach(account)
        elif not self._rights.knows(athlete):
            raise Forbidden(labels.forbidden(reads_only=False))
        else:
            self._rights.demand("set-notifying", athlete=athlete)

    def _demand_coach(self, account: str | None) -> None:
        self._rights.demand("own-account")
        asker = self._rights.asker(anew=True)
        mine = asker.account
        is_mine = mine is not None and mine.id == account and mine.role == "coach"
        if not is_mine and not (asker.kind == "operator" and account is None):
            raise Forbidden(labels.forbidden(reads_only=asker.reads_only))
