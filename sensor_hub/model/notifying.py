"""Who is told outside the pages, where, and when they are left alone."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final

QUIET_FROM: Final = time(22)
QUIET_UNTIL: Final = time(7)
RED_FLAG: Final = "red-flag"


@dataclass(frozen=True, slots=True)
class Addressee:
    """A way to tell somebody: a runner of themselves, or a coach of those who let them.

    athlete : whose own it is; None of a coach's. account : the coach's, None where nobody has an account. url : where
    to, with its secret: shown to nobody, and in no log. label : what people call it. zone : IANA, of the quiet hours,
    which are none where both are the same. numbers : whether a message says more than that there is something to look
    at.
    """

    id: str
    url: str = field(repr=False)
    label: str
    zone: str
    athlete: str | None = None
    account: str | None = None
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    numbers: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one addressee, kept until it is gone, so that a kill loses none and tells none twice.

    about : what it tells: "RULE|SCOPE" of findings, or "red-flag|DAY"; an addressee is told it once of an athlete.
    due_utc : not before then: quiet hours move it, a refusal too. problem : why it did not go the last time.
    dropped_utc : since when it goes no more; ``problem`` says why. n_tries : how often it was handed over.
    """

    addressee: str
    about: str
    athlete: str
    made_utc: datetime
    due_utc: datetime
    sent_utc: datetime | None = None
    n_tries: int = 0
    problem: str | None = None
    dropped_utc: datetime | None = None

    @property
    def is_red_flag(self) -> bool:
        """Whether it tells that a diary has a sign that should not wait."""
        return self.about.startswith(f"{RED_FLAG}|")


@dataclass(frozen=True, slots=True)
class AddresseeView:
    """An addressee as people are shown it: without where to.

    service : what it goes by, such as "ntfy". last_sent_utc : of the newest message that went. problem : why the newest
    message did not go, None where it did or none was.
    """

    addressee: Addressee
    service: str
    last_sent_utc: datetime | None = None
    problem: str | None = None
    n_waiting: int = 0
