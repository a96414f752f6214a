"""Rules and rows, searchable; for a runner with their settings, which are lines of their diary."""

from typing import Final

from sensor_hub.adapters.web import account_labels, guide_labels, keeping_labels
from sensor_hub.adapters.web import rule_labels as labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, choice_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.rule_cards import RowList, RuleList
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import PolicyName, SetPolicy
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.ports import Guide, RuleBook
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.words.advice import advice_sections
from sensor_hub.words.rules import policy_text

POLICIES: Final[tuple[PolicyName, ...]] = ("balanced", "strict", "clinician")


class RulesPage:
    """The book of rules as it comes."""

    def __init__(self, writing: WriteSide, book: RuleBook) -> None:
        frame = Frame(guide_labels.rules(), back=True)
        with frame.body:
            Tag("p", labels.intro())
            if writing.guide is not None:
                Tag("p", labels.for_nobody(), "muted")
            rules = RuleList(None)
            rows = RowList(book.rows())
            _advice()
        rules.show(book.rules(DEFAULT_SETTINGS))
        rows.show()


class AthleteRulesPage:
    """The rules as they are set for somebody. may_set : whether who looks at them sets them."""

    def __init__(self, writing: WriteSide, guide: Guide, book: RuleBook, athlete: Athlete, *, may_set: bool) -> None:
        self._guide, self._book, self._athlete = guide, book, athlete
        frame = Frame(keeping_labels.page_of(guide_labels.rules(), athlete.display_name), back=True)
        with frame.header:
            athlete_nav(athlete.id, athlete.display_name, "rules", writing)
        with frame.body:
            settings = guide.settings(athlete.id)
            if may_set:
                speaker = Speaker(guide, athlete, self._said)
                self._policy(speaker, settings)
                self._rules = RuleList(speaker.say)
            else:
                Tag("p", account_labels.only_looking(), "refusal muted", data_testid="refusal")
                self._rules = RuleList(None)
            Tag("a", labels.rows_title(), "more-link", href="/rules")
        self._show(settings)

    def _policy(self, speaker: Speaker, settings: RuleSettings) -> None:
        with Tag("section", classes="card", aria_labelledby="policy-title", data_testid="policy"):
            Tag("h2", labels.settings_title(), id="policy-title")
            with Tag("ul", classes="rule-list"):
                for policy in POLICIES:
                    Tag("li", policy_text(policy).capitalize())

            async def send(fields: Fields) -> bool:
                chosen: PolicyName = next((one for one in POLICIES if one == fields.get("policy")), "balanced")
                await speaker.say(SetPolicy(chosen))
                return False

            with Form("policy-form", send) as form:
                choices = [(one, labels.policy_name(one)) for one in POLICIES]
                choice_field(labels.policy(), "policy", choices, settings.policy)
            form.send_button(keeping_labels.save())

    async def _said(self, _guidance: Guidance) -> None:
        self._show(self._guide.settings(self._athlete.id))

    def _show(self, settings: RuleSettings) -> None:
        self._rules.show(self._book.rules(settings))


def _advice() -> None:
    with Tag("section", classes="card about", aria_labelledby="advice-title", data_testid="advice"):
        Tag("h2", labels.advice_title(), id="advice-title")
        for section in advice_sections():
            with Tag("details"):
                Tag("summary", section.title)
                with Tag("ul"):
                    for line in section.lines:
                        Tag("li", line)
                    Tag("li", labels.rows(", ".join(section.rows)), "muted")
