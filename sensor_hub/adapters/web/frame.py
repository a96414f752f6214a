"""What every page has: the bar at the top, a place for trouble, the safety text at the foot."""

from typing import Final

from nicegui import ui

from sensor_hub import words
from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.elements import Tag, page_head
from sensor_hub.adapters.web.look import STYLE_URL
from sensor_hub.adapters.web.show_menu import show_menu
from sensor_hub.adapters.web.skipping import MAIN, skip_tag
from sensor_hub.adapters.web.visitor import visitor_nav

POLL_S: Final = 0.25
CHART_POLL_S: Final = 2.0
ABOUT_PATH: Final = "/about-the-numbers"


class Frame:
    """The page around its content; use ``header`` and ``body`` as contexts."""

    def __init__(self, title: str, *, back: bool = False, about: bool = True) -> None:
        page_head(STYLE_URL)
        _leave_main_to_us()
        ui.page_title(f"{title} · sensor_hub")
        with Tag("div", classes="page"):
            skip_tag()
            with Tag("header", classes="top"):
                visitor_nav()
                if back:
                    Tag("a", labels.back_link(), "back", href="/")
                self.title = Tag("h1", title)
                self.header = Tag("div", classes="top-note")
            self._trouble = Tag("p", classes="trouble", role="alert", data_testid="trouble")
            self._trouble.set_visibility(False)
            self.body = Tag("main", classes="body", id=MAIN, tabindex="-1")
            with Tag("footer", classes="foot"):
                Tag("p", words.safety_text(), data_testid="safety")
                if about:
                    Tag("a", words.about_title(), "foot-link", href=ABOUT_PATH, data_testid="about-link")
                show_menu()
        self._live = Tag("div", classes="visually-hidden", role="status", aria_live="polite", data_testid="live")

    def trouble(self, problem: str | None) -> None:
        """Say why the numbers stand still; None takes it back."""
        self._trouble.set_text("" if problem is None else labels.hub_trouble(problem))
        self._trouble.set_visibility(problem is not None)

    def announce(self, sentence: str) -> None:
        """Speak to screen readers when they have time."""
        self._live.set_text(sentence)


def _leave_main_to_us() -> None:
    """Make the element around everything a plain one: it would call header and footer a part of the main content."""
    around = ui.context.client.content.parent_slot
    if around is not None and around.parent.tag == "q-page":
        around.parent.tag = "div"
