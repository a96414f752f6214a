"""What a phone shows of a message that was pushed: little, unless somebody wants numbers."""

from collections.abc import Sequence
from typing import NamedTuple

from sensor_hub.model.finding import Finding
from sensor_hub.words.findings import finding_headline
from sensor_hub.words.terms import safety_text
from sensor_hub.words.translation import translate as _
from sensor_hub.words.verdicts import emergency_text


class Pushed(NamedTuple):
    """A message as it leaves."""

    title: str
    body: str


def trial_message(link: str | None) -> Pushed:
    """Return what is sent to try an address out."""
    return Pushed(_("sensor_hub: a test"), _linked(_("This is a test: messages of your hub come here."), link))


def finding_message(
    findings: Sequence[Finding], link: str | None, *, of_today: bool, name: str | None, theirs: bool, numbers: bool
) -> Pushed:
    """Return what tells of findings that one rule made of one run or week.

    of_today : whether they are of today's run. name : of whom, for a coach who is told names. theirs : it goes to a
    coach. numbers : whether loads may be said; without, a phone that lies on a table says nothing of them.
    """
    if numbers and findings:
        said = " ".join(finding_headline(finding, theirs=theirs) for finding in findings)
        if theirs:
            said = _("{name}: {said}").format(name=name or _("A runner of yours"), said=said)
        return Pushed(_title(theirs), _linked(said, link, safety_text()))
    if theirs:
        said = _("A runner of yours has something to look at on their page.")
    elif of_today:
        said = _("After today's run your page has something to look at.")
    else:
        said = _("Your page has something to look at.")
    return Pushed(_title(theirs), _linked(said, link))


def red_flag_message(link: str | None, *, name: str | None, theirs: bool, numbers: bool) -> Pushed:
    """Return what tells that a page has a message that should not wait. numbers : whether it may say which."""
    if theirs:
        who = name if numbers and name else _("A runner of yours")
        said = _("{name}: open their page now. It has a message that should not wait.").format(name=who)
    else:
        said = _("Open your page now: it has a message that should not wait.")
    return Pushed(_title(theirs), _linked(said, link, emergency_text() if numbers else ""))


def quiet_text(quiet_from: str, quiet_until: str, zone: str) -> str:
    """Say somebody's quiet hours; times as 22:00."""
    if quiet_from == quiet_until:
        return _("no quiet hours")
    return _("quiet from {begin} to {end} ({zone})").format(begin=quiet_from, end=quiet_until, zone=zone)


def _title(theirs: bool) -> str:
    return _("A runner's page") if theirs else _("Your running page")


def _linked(said: str, link: str | None, more: str = "") -> str:
    lines = [said, more, "" if link is None else link]
    return "\n\n".join(line for line in lines if line)
