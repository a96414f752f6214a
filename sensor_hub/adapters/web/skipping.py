"""The way past the bar at the top, for who comes by keyboard: the first link of every page."""

from html import escape
from typing import Final

from sensor_hub.adapters.web.elements import Tag
from sensor_hub.words import translate as _

MAIN: Final = "content"  # id of the element that holds what a page is about


def skip_to_content() -> str:
    """What the link says."""
    return _("Skip to the content")


def skip_tag() -> None:
    """Put the link into the element that is open."""
    Tag("a", skip_to_content(), "skip", href=f"#{MAIN}")


def skip_link() -> str:
    """Return the link as HTML, for pages without NiceGUI."""
    return f'<a class="skip" href="#{MAIN}">{escape(skip_to_content())}</a>'
