"""Whether a message that was written down still goes, and to whom it may: asked anew at the moment it goes. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sensor_hub.model.access import Account
from sensor_hub.model.diary import ConsentCategory
from sensor_hub.model.finding import Finding
from sensor_hub.model.notifying import RED_FLAG, Addressee, Notification

Why: TypeAlias = Literal[
    "simulated", "gone", "nobodys", "not-coached", "no-consent", "withdrawn", "marked", "no-flag", "not-stored"
]
"""Why a message goes no more; "not-stored" is of a finding that is not stored yet, which may be a moment's matter."""
NEEDS: Final[dict[bool, ConsentCategory]] = {True: "pain", False: "load"}  # by whether it is a red flag


@dataclass(frozen=True, slots=True)
class Telling:
    """A message to one addressee, and all that decides whether it goes.

    simulated : whether its athlete is. account : of a coach's addressee, as it is now; None if it is gone.
    accounts_in_use : whether anybody has one. consents : what the athlete lets their coach see. findings : what is
    stored of what it tells, withdrawn ones too. marked : ids of findings that somebody has seen or put off. flag :
    whether a red flag stands.
    """

    message: Notification
    addressee: Addressee
    simulated: bool = False
    account: Account | None = None
    accounts_in_use: bool = False
    consents: Collection[ConsentCategory] = ()
    findings: Sequence[Finding] = ()
    marked: Collection[str] = ()
    flag: bool = False

    @property
    def is_coachs(self) -> bool:
        """Whether it goes to a coach."""
        return self.addressee.athlete is None

    def still(self) -> list[Finding]:
        """Return what it tells of that is still an alert and that nobody has seen."""
        return [f for f in self.findings if f.severity == "alert" and not f.withdrawn and f.id not in self.marked]


def why_not_told(telling: Telling) -> Why | None:
    """Return why a message does not go; None if it does."""
    if telling.simulated or any(finding.origin == "simulated" for finding in telling.findings):
        return "simulated"
    return _why_not_whom(telling) or _why_not_what(telling)


def _why_not_whom(telling: Telling) -> Why | None:
    if not telling.is_coachs:
        return None if telling.addressee.athlete == telling.message.athlete else "gone"
    account = telling.account
    if telling.addressee.account is None and telling.accounts_in_use:
        return "nobodys"  # it was added while nobody had an account: whose it is now nobody can say
    if telling.addressee.account is not None:
        if account is None or account.disabled or account.role != "coach":
            return "not-coached"
        if account.athletes and telling.message.athlete not in account.athletes:
            return "not-coached"
    return None if NEEDS[telling.message.is_red_flag] in telling.consents else "no-consent"


def _why_not_what(telling: Telling) -> Why | None:
    if telling.message.is_red_flag:
        return None if telling.flag else "no-flag"
    if not telling.findings:
        return "not-stored"
    if telling.still():
        return None
    alerts = [f for f in telling.findings if f.severity == "alert" and not f.withdrawn]
    return "marked" if alerts else "withdrawn"


def about_finding(finding: Finding) -> str:
    """Return what a message is about that tells of a finding: all that its rule says of one run, or week, is one."""
    return f"{finding.rule}|{finding.scope}"


def is_about(message: Notification, finding: Finding) -> bool:
    """Whether a message tells of a finding."""
    return not message.is_red_flag and message.about == about_finding(finding)


__all__ = ["NEEDS", "RED_FLAG", "Telling", "Why", "about_finding", "is_about", "why_not_told"]
