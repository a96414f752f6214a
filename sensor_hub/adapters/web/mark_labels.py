"""What a page says of marks on findings, and of findings that are no longer true."""

from datetime import datetime

from sensor_hub.model.mark import Snooze
from sensor_hub.words import day_name
from sensor_hub.words import translate as _


def seen() -> str:
    """Says that a finding was seen."""
    return _("Seen")


def later() -> str:
    """Opens the choices for how long to be left alone."""
    return _("Later")


def about_finding(what: str, headline: str) -> str:
    """What a button says to who does not see beside which finding it stands."""
    return _("{what}: {headline}").format(what=what, headline=headline)


def snooze(choice: Snooze) -> str:
    """How long to be left alone."""
    return {
        "morning": _("until tomorrow morning"),
        "3-days": _("for three days"),
        "week-over": _("until the week is over"),
    }[choice]


def take_back() -> str:
    """Takes a mark back."""
    return _("Undo")


def more_findings(n: int) -> str:
    """Opens the findings below the highest."""
    return _("{n} more").format(n=n)


def marked_findings(n: int) -> str:
    """Opens what was seen or put off."""
    return _("Seen / later ({n})").format(n=n)


def withdrawn_findings(n: int) -> str:
    """Opens what is no longer true."""
    return _("No longer true ({n})").format(n=n)


def nothing_new() -> str:
    """Everything that stands was seen or put off."""
    return _("Nothing that nobody has seen.")


def marked_seen(by: str, when: datetime) -> str:
    """Who saw a finding, and when. when : in the athlete's zone."""
    return _("Seen, {when} ({by}). It comes back if it rises.").format(when=moment(when), by=by_whom(by))


def marked_later(by: str, until: datetime) -> str:
    """Until when a finding was put off. until : in the athlete's zone."""
    return _("Later: back {until} ({by}), or if it rises.").format(until=moment(until), by=by_whom(by))


def said_seen() -> str:
    """Spoken once a finding was marked as seen."""
    return _("Marked as seen. It stands under “Seen / later”.")


def said_later(until: datetime) -> str:
    """Spoken once a finding was put off."""
    return _("Put off; back {until}.").format(until=moment(until))


def said_back() -> str:
    """Spoken once a mark was taken back."""
    return _("Taken back.")


def not_marked(problem: str) -> str:
    """A mark could not be set."""
    return _("Not marked: {problem}").format(problem=problem)


def moment(at: datetime) -> str:
    """A local time: 20 Nov, 14:05."""
    return _("{day}, {time}").format(day=day_name(at.date()), time=at.strftime("%H:%M"))


def by_whom(by: str) -> str:
    """Who marked or edited, by role."""
    roles = {
        "runner": _("by the runner"), "coach": _("by a coach"), "admin": _("by an admin"),
        "page": _("on a page"), "api": _("by a program"), "cli": _("on the command line"),
    }  # fmt: skip
    return roles.get(by, by)


def withdrawn_at(when: datetime, because: str) -> str:
    """When a finding was withdrawn and why. when : in the athlete's zone."""
    return _("Withdrawn {when}: {because}").format(when=moment(when), because=because)


def because_edited(made: datetime) -> str:
    """An edit took a finding back. made : in the athlete's zone."""
    return _("an edit of {when} changed it.").format(when=moment(made))


def because_set(made: datetime) -> str:
    """A rule was set otherwise. made : in the athlete's zone."""
    return _("the rules were set otherwise {when}.").format(when=moment(made))


def because_history() -> str:
    """What took a finding back is not known."""
    return _("the history changed, such as by a file or a run that came later.")
