"""Titles and labels of the page of rules; what a rule does and rests on is told by the words."""

from sensor_hub.words import translate as _


def rows_title() -> str:
    """Title of the list of rows."""
    return _("Rows of the source texts")


def rules_title() -> str:
    """Title of the list of rules."""
    return _("Rules")


def advice_title() -> str:
    """Title of the texts that always stand."""
    return _("Texts that always stand")


def intro() -> str:
    """What the page is for."""
    return _(
        "Every row of the source texts with what became of it, and every rule with what it rests on and its numbers. "
        "A number marked as ours was chosen here and stands in no text."
    )


def settings_title() -> str:
    """Title of the card of the policy."""
    return _("Which rules ask for attention")


def policy() -> str:
    """Name of the choice of a policy."""
    return _("Policy")


def policy_name(name: str) -> str:
    """What a policy is called."""
    return {"strict": _("Strict"), "balanced": _("Balanced"), "clinician": _("With a clinician")}[name]


def search() -> str:
    """Name of the field to search with."""
    return _("Search")


def kind() -> str:
    """Name of the choice of a class."""
    return _("Computed from")


def state() -> str:
    """Name of the choice of a state."""
    return _("State")


def everything() -> str:
    """A choice that leaves nothing out."""
    return _("all")


def state_word(name: str) -> str:
    """Whether a row is done."""
    return {"implemented": _("implemented"), "refused": _("refused")}[name]


def found(n: int, of: int) -> str:
    """How many rows are shown."""
    return _("{n} of {of} rows").format(n=n, of=of)


def found_rules(n: int, of: int) -> str:
    """How many rules are shown."""
    return _("{n} of {of} rules").format(n=n, of=of)


def done_by(rules: str, n_tests: int) -> str:
    """Which rules do a row."""
    return _("Rules: {rules}. Tests: {n}.").format(rules=rules, n=n_tests)


def refused_because(reason: str) -> str:
    """Why a row is refused."""
    return _("Refused: {reason}").format(reason=reason)


def conflict(name: str) -> str:
    """A contradiction decided."""
    return _("Contradiction {name} decided.").format(name=name)


def rows(ids: str) -> str:
    """Rows of a rule."""
    return _("Rows: {ids}").format(ids=ids)


def rests_on(grade: str, evidence: str) -> str:
    """What a rule rests on."""
    text = _("Rests on {grade}.").format(grade=grade)
    return f"{text} {evidence.rstrip('.')}." if evidence else text


def alerts(yes: bool) -> str:
    """Whether a rule asks for attention."""
    return _("asks for attention") if yes else _("informs")


def off() -> str:
    """A rule that is not asked."""
    return _("switched off")


def switch(on: bool) -> str:
    """Switches a rule."""
    return _("Switch off") if on else _("Switch on")


def own_value() -> str:
    """Gives parameters back their own values."""
    return _("Leave a field empty for the rule's own number.")


def for_nobody() -> str:
    """Numbers are those of nobody in particular."""
    return _("These are the rules as they come; a runner's own settings are on their page of rules.")
