"""Links between a runner's pages."""

from typing import Final, Literal, TypeAlias

from sensor_hub.adapters.web import guide_labels, keeping_labels, notify_labels, sensor_labels, today_labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.visitor import visitor
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.access import Action

PageOf: TypeAlias = Literal["", "today", "runs", "diary", "plan", "rules", "shoes", "data", "sensors", "notify"]


NEEDED: Final[dict[PageOf, tuple[Action, ...]]] = {
    "": ("see-load",), "today": ("see-load",), "runs": ("see-load",), "diary": ("see-pain",),
    "plan": ("see-pain", "see-medication"),
    "rules": ("see-pain",), "shoes": ("see-shoes",), "data": ("export",),
    "sensors": ("see-sensors",), "notify": ("set-notifying",),
}  # fmt: skip


def athlete_nav(athlete: str, name: str, current: PageOf | None, writing: WriteSide) -> None:
    """Put the links into the element that is open. current : the page they stand on, None for a session's."""
    pages: list[tuple[PageOf, str]] = [("today", today_labels.today()), ("", today_labels.overview())]
    if writing.keeping is not None:
        pages.append(("runs", keeping_labels.runs()))
    if writing.guide is not None:
        pages += [("diary", guide_labels.diary()), ("plan", guide_labels.plan())]
    if writing.guide is not None and writing.rules is not None:
        pages.append(("rules", guide_labels.rules()))
    if writing.keeping is not None and writing.data is not None:
        pages.append(("shoes", keeping_labels.shoes()))
    if writing.data is not None:
        pages.append(("data", keeping_labels.data()))
    if writing.sensors is not None:
        pages.append(("sensors", sensor_labels.sensors()))
    if writing.addressees is not None:
        pages.append(("notify", notify_labels.notify()))
    rights = visitor()
    if rights is not None:
        pages = [(page, text) for page, text in pages if rights.may(*NEEDED[page], athlete=athlete)]
    with Tag("nav", classes="pages", aria_label=keeping_labels.pages_of(name), data_testid="pages"):
        for page, text in pages:
            link = Tag("a", text, href=f"/athlete/{athlete}" + (f"/{page}" if page else ""))
            if page == current:
                link.put(aria_current="page")
