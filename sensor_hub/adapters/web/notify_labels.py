"""What the pages say of messages to phones."""

from datetime import time

from sensor_hub.model.notifying import AddresseeView
from sensor_hub.words import translate as _
from sensor_hub.words.notifying import quiet_text


def notify() -> str:
    """Name of the page, and of the link to it."""
    return _("Tell me")


def tell_me_note() -> str:
    """What it is, to a runner."""
    return _(
        "When a run passes a limit, or your diary has a sign that should not wait, your phone or mailbox gets a "
        "message. It says nothing of loads, health or names unless you tick “with numbers”."
    )


def tell_coach_note() -> str:
    """What it is, to a coach."""
    return _(
        "When a run of somebody you coach passes a limit you get a message, if they let you see their load. A sign "
        "in a diary that should not wait is told if they let you see how they are. It names nobody unless you tick "
        "“with numbers”."
    )


def simulated() -> str:
    """In place of everything, of a simulated runner."""
    return _("This runner is simulated: nobody is sent a message of theirs.")


def once_note() -> str:
    """How often, and what quiet hours let through."""
    return _(
        "A rule tells once of a run. In quiet hours nothing comes but a sign that should not wait; what has been seen "
        "on the page by then is not sent."
    )


def none_yet() -> str:
    """In place of a list."""
    return _("Nobody is told yet.")


def add_title() -> str:
    """Of the form."""
    return _("Add an address")


def url() -> str:
    """Of the field."""
    return _("Address")


def url_hint() -> str:
    """Beneath it."""
    return _(
        "Such as ntfys://ntfy.sh/a-name-nobody-guesses. It is a secret: kept, and shown to nobody again. "
        "docs/notifications.md has ntfy, e-mail and Telegram."
    )


def label() -> str:
    """Of the field."""
    return _("What you call it")


def zone() -> str:
    """Of the field."""
    return _("Time zone of the quiet hours")


def quiet_from() -> str:
    """Of the field."""
    return _("Quiet from")


def quiet_until() -> str:
    """Of the field."""
    return _("Quiet until")


def quiet_hint() -> str:
    """Beneath it."""
    return _("The same time twice: never quiet.")


def numbers() -> str:
    """Of the box."""
    return _("with numbers: say loads and names, also where others may see the screen")


def add() -> str:
    """On the button."""
    return _("Add")


def adding() -> str:
    """On the button meanwhile."""
    return _("Looking at it …")


def added(name: str) -> str:
    """Once it is there."""
    return _("Added {name}. Send a test to see that it comes.").format(name=name)


def test() -> str:
    """On the button."""
    return _("Send a test")


def tested(name: str) -> str:
    """Once it was taken."""
    return _("A test was handed over for {name}: it should be there in a moment.").format(name=name)


def remove() -> str:
    """On the button."""
    return _("Remove")


def removed(name: str) -> str:
    """Once it is gone."""
    return _("Removed {name}.").format(name=name)


def of_button(does: str, name: str) -> str:
    """A button's name for screen readers: Remove: my phone."""
    return _("{does}: {name}").format(does=does, name=name)


def addressee_line(view: AddresseeView) -> str:
    """One address: by what, when not, and how much it says."""
    one = view.addressee
    quiet = quiet_text(_clock(one.quiet_from), _clock(one.quiet_until), one.zone)
    says = _("with numbers") if one.numbers else _("without numbers or names")
    return _("{service} · {quiet} · {says}").format(service=view.service, quiet=quiet, says=says)


def last_sent(moment: str | None) -> str:
    """When a message went last."""
    return _("no message yet") if moment is None else _("last message {moment}").format(moment=moment)


def waiting(n: int) -> str:
    """How many wait."""
    return _("1 waits") if n == 1 else _("{n} wait").format(n=n)


def problem(text: str) -> str:
    """Why the newest did not go."""
    return _("The last message did not go: {problem}").format(problem=text)


def no_addressee() -> str:
    """Of one that is not there, or is somebody else's."""
    return _("no such address (the list shows all)")


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
