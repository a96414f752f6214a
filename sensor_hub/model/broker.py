"""Who has a password at the broker, as the registry keeps them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

BrokerUserKind: TypeAlias = Literal["gateway", "reader"]


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A gateway, named by its id, or a reader such as a dashboard.

    athletes : pseudonyms it is about, as they are today; ``spoken`` also has those they were merged from, since a
    gateway goes on under the one it learned. everybody : about all athletes of this hub, also those who come later.
    password_hash : as mosquitto keeps one (``$7$…``). retired_utc : since when it is let in no more.
    """

    name: str
    kind: BrokerUserKind
    label: str
    everybody: bool
    athletes: tuple[str, ...]
    spoken: tuple[str, ...]
    password_hash: str
    added_utc: datetime
    retired_utc: datetime | None = None

    def __repr__(self) -> str:
        """Leave out what stands for the password."""
        about = "everybody" if self.everybody else ", ".join(self.athletes) or "nobody"
        return f"KnownUser({self.name!r}, {self.kind!r}, about {about}, retired_utc={self.retired_utc})"


__all__ = ["BrokerUserKind", "KnownUser"]
