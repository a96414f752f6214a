"""Links between a runner's pages."""

from typing import Literal, TypeAlias

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.elements import Tag

PageOf: TypeAlias = Literal["", "runs", "shoes", "data"]


def athlete_nav(athlete: str, name: str, current: PageOf | None, *, data: bool) -> None:
    """Put the links into the element that is open. current : the page they stand on, None for a session's."""
    pages: list[tuple[PageOf, str]] = [("", labels.now()), ("runs", labels.runs())]
    if data:
        pages += [("shoes", labels.shoes()), ("data", labels.data())]
    with Tag("nav", classes="pages", aria_label=labels.pages_of(name), data_testid="pages"):
        for page, text in pages:
            link = Tag("a", text, href=f"/athlete/{athlete}" + (f"/{page}" if page else ""))
            if page == current:
                link.put(aria_current="page")
