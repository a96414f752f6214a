"""What a runner's load is expressed in: their own reference, why there is none yet, and when a new one is worth it."""

from sensor_hub.model.reference import KeptReference, NotYet
from sensor_hub.words.lengths import length_noun
from sensor_hub.words.loads import POPULATION, instrument_text
from sensor_hub.words.numbers import fixed
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n


def reference_line(kept: KeptReference, *, theirs: bool = False) -> str:
    """Since when a runner's own reference holds, what it rests on, and what held before: a line that stays."""
    reference = kept.reference
    text = _("Since {day}: your own reference {id}, from {n} runs ({instrument}); before that {before}.")
    if theirs:
        text = _("Since {day}: their own reference {id}, from {n} runs ({instrument}); before that {before}.")
    line = text.format(
        day="–" if reference.learned_on is None else reference.learned_on.isoformat(),
        id=reference.id,
        n=reference.n_sessions,
        instrument=instrument_text(reference.instrument),
        before=_("the population's") if kept.before.startswith(POPULATION) else kept.before,
    )
    return line if kept.at_easy_speed else f"{line} {_as_it_was(theirs=theirs)}"


def not_yet_sentence(not_yet: NotYet, *, theirs: bool = False) -> str:
    """Why loads are expressed in the population's kilometre still, and what a reference of one's own waits for."""
    instrument = instrument_text(not_yet.instrument)
    if "instrument" in not_yet.missing:
        return _(
            "Loads are in the population's {noun}: an older program stored these runs without their sensor."
        ).format(noun=length_noun())
    if "contact-time" in not_yet.missing:
        return _(
            "Loads are in the population's {noun}: without a contact time ({instrument}) there is no own reference."
        ).format(instrument=instrument, noun=length_noun())
    wanted = {
        "days": _n("{n} more day", "{n} more days", not_yet.days_left).format(n=not_yet.days_left),
        "sessions": _n("{n} more run", "{n} more runs", not_yet.sessions_left).format(n=not_yet.sessions_left),
        "steps": _n("{n} more easy step", "{n} more easy steps", not_yet.steps_left).format(
            n=fixed(not_yet.steps_left, 0)
        ),
    }
    text = _("Loads are in the population's {noun}: your own reference ({instrument}) waits for {wanted}.")
    if theirs:
        text = _("Loads are in the population's {noun}: their own reference ({instrument}) waits for {wanted}.")
    waits = ", ".join(wanted[name] for name in not_yet.missing if name in wanted)
    return text.format(instrument=instrument, wanted=waits, noun=length_noun())


def off_sentence(easy_km: float, hard_line: float, *, theirs: bool = False) -> str:
    """That the newest 28 days differ from the reference. Changes are fractions: 0.06 is 6 % more."""
    text = _(
        "Your newest 28 days differ from your reference: an easy {noun} by {part} %, the hard line by {line} %. "
        "A new one could be learned; it is never done by itself."
    )
    if theirs:
        text = _(
            "Their newest 28 days differ from their reference: an easy {noun} by {part} %, the hard line by {line} %. "
            "A new one could be learned; it is never done by itself."
        )
    return text.format(noun=length_noun(), part=signed_percent(easy_km), line=signed_percent(hard_line))


def signed_percent(part: float) -> str:
    """A change in percent with its sign, without the percent sign: +6.1."""
    text = fixed(100 * part, 1)
    return text if text.startswith("−") or not float(text) else f"+{text}"


def _as_it_was(*, theirs: bool) -> str:
    text = _("The sensor tells no speed: a {noun} is one of your easy running as it was, not of 2.78 m/s.")
    if theirs:
        text = _("The sensor tells no speed: a {noun} is one of their easy running as it was, not of 2.78 m/s.")
    return text.format(noun=length_noun())
