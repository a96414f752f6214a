"""The verdict on a phone: shape, colour and word in one line, a sentence, and the why when it is asked for."""

from sensor_hub import words
from sensor_hub.adapters.web import guide_labels, guide_words, today_labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.guidance_cards import because
from sensor_hub.model.guidance import Verdict
from sensor_hub.model.ports import Tile


class VerdictLine:
    """What the guidelines say; for whoever sees the diary."""

    def __init__(self) -> None:
        self._shown: Verdict | None = None
        with Tag("section", aria_label=guide_labels.verdict_title(), data_testid="verdict") as self._box:
            with Tag("details"):
                with Tag("summary", classes="band"):
                    Tag("span", classes="shape", aria_hidden="true")
                    self._word = Tag("span", classes="guide-word", data_testid="verdict-word")
                    self._why = Tag("span", guide_labels.why(), "verdict-why")
                self._reasons = Tag("ul", classes="verdict-reasons")
            self._sentence = Tag("p", classes="verdict-sentence", data_testid="verdict-sentence")
            self._emergency = Tag("p", guide_words.emergency(), "emergency", data_testid="verdict-emergency")

    def show(self, verdict: Verdict) -> None:
        """Show a verdict."""
        if verdict == self._shown:
            return
        self._shown = verdict
        self._box.put_classes(f"tile guide guide-{verdict.standing} verdict-line")
        self._box.put(data_standing=verdict.standing, role="alert" if verdict.standing == "red-flag" else None)
        self._word.set_text(guide_words.verdict_word(verdict.standing))
        self._sentence.set_text(unbroken(guide_words.verdict(verdict)))
        self._emergency.set_visibility(verdict.standing == "red-flag")
        self._reasons.clear()
        with self._reasons:
            for line in dict.fromkeys((guide_words.verdict(verdict), *because(verdict))):
                Tag("li", unbroken(line))


class StateLine:
    """The state of load alone, for whoever does not see the diary."""

    def __init__(self) -> None:
        with Tag("section", aria_label=today_labels.state_label(), data_testid="state-line") as self._box, \
                Tag("div", classes="band"):  # fmt: skip
            Tag("span", classes="shape", aria_hidden="true")
            self._word = Tag("span", classes="word", data_testid="state")

    def show(self, tile: Tile) -> None:
        """Show a tile's state."""
        self._box.put_classes(f"tile verdict-line state-{tile.state}")
        self._box.put(data_state=tile.state)
        self._word.set_text(words.state_word(tile.state, tile.findings))


__all__ = ["StateLine", "VerdictLine"]
