"""What stands around two runs that are compared."""

from sensor_hub.words import translate as _


def title() -> str:
    """Title of the card."""
    return _("Compare with another run")


def with_run(moment: str, amount: str) -> str:
    """Which run it is compared with."""
    return _("Compared with {moment}: {amount}.").format(moment=moment, amount=amount)


def this_run() -> str:
    """Name of the run whose page it is."""
    return _("This run")


def other_run() -> str:
    """Name of the run it is compared with."""
    return _("Other run")


def choose() -> str:
    """Opens the list of runs."""
    return _("Compare with …")


def choose_another() -> str:
    """Opens the list of runs when one is chosen already."""
    return _("Compare with another one …")


def choice(moment: str, amount: str) -> str:
    """One run of the list."""
    return _("{moment}: {amount}").format(moment=moment, amount=amount)


def search() -> str:
    """Name of the field that searches the list."""
    return _("Search by day or distance")


def nothing_found() -> str:
    """What stands under a search without a result."""
    return _("No run of the last 90 days has these words.")


def nothing_to_compare() -> str:
    """What stands where there is no other run."""
    return _("There is no other run of the last 90 days to compare it with.")


def to_other() -> str:
    """Link to the other run's page."""
    return _("Open the other run")


def stop() -> str:
    """Link to the page of this run alone."""
    return _("Stop comparing")
