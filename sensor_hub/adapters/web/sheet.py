"""A sheet over the page, opened by one tap: the browser's own dialog, which keeps the keyboard in; Escape ends it."""

from collections.abc import Callable

from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.elements import Tag


class Sheet:
    """A button, and what it opens. fill : called once, with the sheet open as a context, when it is opened first."""

    def __init__(self, text: str, testid: str, fill: Callable[[], None]) -> None:
        self._fill: Callable[[], None] | None = fill
        self.button = Tag("button", text, "button main", type="button", data_testid=f"open-{testid}",
                          aria_haspopup="dialog")  # fmt: skip
        with Tag("dialog", classes="sheet", data_testid=testid) as self._dialog:
            with Tag("div", classes="sheet-head"):
                title = Tag("h2", text)
                close = Tag("button", labels.close(), "button small", type="button", data_testid=f"close-{testid}")
            self._content = Tag("div", classes="sheet-body")
        self._dialog.put(aria_labelledby=title.html_id)
        dialog = f"document.getElementById('{self._dialog.html_id}')"
        self.button.on("click", self._open, js_handler=f"() => {{ {dialog}.showModal(); emit(); }}")
        close.on("click", js_handler=f"() => {dialog}.close()")

    def _open(self) -> None:
        fill, self._fill = self._fill, None
        if fill is not None:
            with self._content:
                fill()
