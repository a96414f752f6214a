"""A week's load over that of four: the numbers, and how little they say."""

from collections.abc import Sequence

from sensor_hub.model.ratio import LoadRatio
from sensor_hub.words.numbers import UNKNOWN, fixed
from sensor_hub.words.translation import translate as _


def ratio_lines(ratios: Sequence[LoadRatio]) -> list[str]:
    """Return a line a measure, and what to make of them; nothing of no ratios."""
    return [*map(_line, ratios), ratio_caveat()] if ratios else []


def ratio_caveat() -> str:
    """What a ratio is good for."""
    return _(
        "The ratio is shown because other programs show it. Thresholds for it are not supported by evidence "
        "(Impellizzeri et al. 2020), and no limit or advice here looks at it."
    )


def _line(ratio: LoadRatio) -> str:
    name = _("Distance") if ratio.measure == "distance_m" else _("Push-off load (modelled)")
    if ratio.rolling is None or ratio.weighted is None:
        text = _("{name}, last 7 over last 28 days: {unknown} ({reason}).")
        return text.format(name=name, unknown=UNKNOWN, reason=ratio_reason(ratio.reason))
    return _("{name}, last 7 over last 28 days: {rolling}; newer days weighing more: {weighted}.").format(
        name=name, rolling=fixed(ratio.rolling, 2), weighted=fixed(ratio.weighted, 2)
    )


def ratio_reason(reason: str | None) -> str:
    """Why a ratio is not known."""
    return {
        "short-history": _("fewer than 28 days of history"),
        "not-recorded": _("a day was run on and not recorded"),
        "unanswered": _("a week or more without a record: rested, or not recorded?"),
        "unknown-run": _("of a run it is not known"),
        "low-coverage": _("too little of a run was recorded"),
        "mixed-instruments": _("measured in several ways, which are not added up"),
        "nothing-run": _("nothing was run"),
    }.get(reason or "", _("not known"))
