"""Findings with their why, the highest first."""

from sensor_hub import words
from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.panels import highest
from sensor_hub.model.finding import Finding


class FindingCard:
    """One finding with its why."""

    def __init__(self, finding: Finding, *, is_open: bool) -> None:
        with Tag("article", data_testid=f"finding-{finding.id}") as self._box:
            self._sentence = Tag("p", classes="finding-text", data_testid="finding-sentence")
            attributes = {"open": ""} if is_open else {}
            with Tag("details", classes="why", data_testid="why", **attributes):
                Tag("summary", labels.why_label())
                self._why = Tag("ul")
        self._lines: list[Tag] = []

    def show(self, finding: Finding) -> None:
        """Show the finding as it stands now."""
        self._box.put_classes(f"finding finding-{finding.severity}")
        self._sentence.set_text(unbroken(words.finding_sentence(finding)))
        lines = [*words.finding_why(finding), labels.finding_times(finding.first_utc, finding.updated_utc)]
        if len(lines) != len(self._lines):
            self._why.clear()
            with self._why:
                self._lines = [Tag("li") for _ in lines]
        for element, line in zip(self._lines, lines, strict=True):
            element.set_text(line)


class Findings:
    """Standing findings, the highest first."""

    def __init__(self) -> None:
        with Tag("section", classes="card", aria_labelledby="findings-title"):
            Tag("h2", labels.findings_title(), id="findings-title")
            self._none = Tag("p", labels.no_findings(), "muted")
            self._list = Tag("div", classes="findings", data_testid="findings")
        self._cards: dict[str, FindingCard] = {}

    def show(self, findings: tuple[Finding, ...]) -> None:
        """Show the findings that stand."""
        top = highest(findings)
        standing = sorted((f for f in findings if not f.withdrawn), key=lambda f: f is not top)
        if list(self._cards) != [f.id for f in standing]:
            self._list.clear()
            with self._list:
                self._cards = {f.id: FindingCard(f, is_open=f is top) for f in standing}
        for finding in standing:
            self._cards[finding.id].show(finding)
        self._none.set_visibility(not standing)
