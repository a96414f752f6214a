"""Who is told, for a command on the hub's machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sensor_hub.adapters.notify import Sender
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.notifying.addressing import HubAddressees
from sensor_hub.app.people import local_zone
from sensor_hub.app.place import Place, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import NotifyError
from sensor_hub.model.notifying import AddresseeView


class Whose(NamedTuple):
    """A runner, a coach's account, or (neither) whoever coaches here; zone : of their quiet hours."""

    athlete: str | None
    account: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class NotifyDesk:
    """names : of athletes and accounts by id."""

    registry: Registry
    addressees: HubAddressees
    zone: str

    @property
    def names(self) -> dict[str, str]:
        """What athletes and accounts are called, by id."""
        people = {athlete.id: athlete.display_name for athlete in self.registry.athletes()}
        return people | {account.id: account.name for account in self.registry.accounts.all()}

    def whose(self, athlete: str | None, coach: str | None) -> Whose:
        """Return whom somebody means by a name; an error says why they cannot be told."""
        if athlete is not None:
            person = self.registry.athlete(athlete)
            if person.simulated:
                raise NotifyError(f"{person.display_name} is simulated: nobody is sent a message of theirs")
            return Whose(person.id, None, person.zone)
        if coach is not None:
            account = self.registry.accounts.named(coach).account
            if account.role != "coach":
                raise NotifyError(f"{account.name} is no coach but a {account.role}: a runner is named by --athlete")
            return Whose(None, account.id, self.zone)
        if self.registry.accounts.in_use():
            raise NotifyError("people sign in here, so say which coach: --coach ACCOUNT (sensor-hub user list)")
        return Whose(None, None, self.zone)

    def known(self, addressee: str) -> AddresseeView:
        """Return one by its id; NotifyError if there is none."""
        found = self.addressees.find(addressee)
        if found is None:
            raise NotifyError(f"no address {addressee!r} (sensor-hub notify list shows all)")
        return found


@contextmanager
def open_addressees(settings: Settings) -> Iterator[NotifyDesk]:
    """Open the registry of this machine for it."""
    sender = Sender(private=settings.notify_private)
    with Registry(registry_in_use(settings, Place.at(settings.data_dir))) as registry:
        yield NotifyDesk(
            registry, HubAddressees(registry, sender, page_url=settings.page_url), local_zone(settings)
        )  # fmt: skip
