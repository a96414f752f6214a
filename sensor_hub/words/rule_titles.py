"""What each rule is called, by its id."""

from sensor_hub.words.translation import translate as _


def titles() -> dict[str, str]:
    """Names of all rules."""
    return {
        "text-first-days": _("The first days"),
        "text-ice": _("Ice, for comfort"),
        "text-injections": _("Injections"),
        "text-claims": _("Said of running style, and not computed here"),
        "text-names": _("What it is called"),
        "text-disclaimer": _("What this is not"),
    }
