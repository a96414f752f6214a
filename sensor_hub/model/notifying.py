"""Who is told outside the pages, where, and when they are left alone."""

from dataclasses import dataclass
from datetime import datetime, time

QUIET_FROM = time(22)
QUIET_UNTIL = time(7)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A way to tell somebody: a runner of themselves, or a coach of those who let them.

    athlete : whose own it is; None of a coach's. account : the coach's, None where nobody has an account. url : where
    to, with its secret: shown to nobody, and in no log. label : what people call it. zone : IANA, of the quiet hours,
    which are none where both are the same. numbers : whether a message says more than that there is something to look
    at.
    """

    id: str
    url: str
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

    about : what it tells, such as a finding's id, or "red-flag" with a day; an addressee is told it once.
    due_utc : not before then: quiet hours move it, a refusal too. problem : why it did not go the last time.
    """

    addressee: str
    about: str
    athlete: str
    made_utc: datetime
    due_utc: datetime
    sent_utc: datetime | None = None
    n_tries: int = 0
    problem: str | None = None
