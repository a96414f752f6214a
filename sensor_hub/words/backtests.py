"""What a backtest came to, in words. Counts stand beside each other; none is called a cause."""

from sensor_hub.model.backtest import BacktestReport, PainAfter, RuleTold, Spoken
from sensor_hub.words.translation import translate as _


def told_cells(told: RuleTold, n_weeks: int) -> list[str]:
    """One rule as cells: rule, spoke, asked, pushed, most a week, a week, pain after."""
    per_week = f"{told.n_spoken / n_weeks:.2f}" if n_weeks else "–"
    return [
        told.rule,
        str(told.n_spoken),
        str(told.n_alerts),
        str(told.n_pushes),
        str(told.most_in_week),
        per_week,
        pain_text(told.after),
    ]


def pain_text(after: PainAfter) -> str:
    """How often pain was logged after n moments."""
    return _("{pain} of {n}, none {none}, not logged {unknown}").format(
        pain=after.n_pain, n=after.n, none=after.n_none, unknown=after.n_unknown
    )


def after_text(after: PainAfter) -> str:
    """The same after any run, to hold the rules' own against."""
    return _("Pain logged within seven days after any run: {counts}.").format(counts=pain_text(after))


def pushes_text(report: BacktestReport) -> list[str]:
    """How often a phone would have rung."""
    mean = "–" if report.pushes_per_week is None else f"{report.pushes_per_week:.2f}"
    lines = [
        _("Pushes: {n} in {weeks} weeks ({runs} runs), {mean} a week, {most} in the fullest week.").format(
            n=report.n_pushes, weeks=report.n_weeks, runs=report.n_runs, mean=mean, most=report.most_pushes_in_week
        )
    ]
    if report.withdrawn:
        lines.append(_("Taken back by later data: {n}.").format(n=report.withdrawn))
    return lines


def spoken_text(spoken: Spoken) -> str:
    """One push."""
    return f"{spoken.day.isoformat()} {spoken.rule} {spoken.what} {spoken.level}".rstrip()
