"""The weekly report of a squad: one table on plain paper, without a script."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from sensor_hub import words
from sensor_hub.adapters.web import guide_words, labels, report_labels
from sensor_hub.adapters.web.elements import unbroken
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.plain_page import plain_page
from sensor_hub.adapters.web.seen import Seen
from sensor_hub.adapters.web.week_report import WEEK, AthleteWeek, local_day, told_of, week_report
from sensor_hub.model.load import Measure, is_partly_recorded
from sensor_hub.model.squad import Squad
from sensor_hub.words.days import moment_text
from sensor_hub.words.plans import plan_line

PATH: Final = "/report"
FOOT: Final = 14.0  # height of the small bars, px
STEP: Final = 7.0  # from one to the next, px


def report_router() -> APIRouter:
    """Return the route of the page."""
    router = APIRouter()

    @router.get(PATH, include_in_schema=False, response_class=HTMLResponse, dependencies=[needs("see-grid")])
    def report(
        at: Asked,
        week: Annotated[date | None, Query(description="Any day of the week.")] = None,
        squad: Annotated[str, Query(max_length=64)] = "",
    ) -> HTMLResponse:
        chosen, week = chosen_squad(at, squad), told_of(week)
        lines = week_report(at, week, None if chosen is None else chosen.athletes)
        return plain_page(report_labels.report(), _body(at, lines, week, chosen))

    return router


def chosen_squad(at: Seen, squad: str) -> Squad | None:
    """Return the squad that was asked for; None for everybody, also where it is not the asker's to see."""
    held = at.writing.squads
    if not squad or held is None or not at.rights.may("see-squads"):
        return None
    return next((one for one in held.all() if one.id == squad), None)


def _body(at: Seen, lines: Sequence[AthleteWeek], week: date | None, squad: Squad | None) -> str:
    now_utc = at.writing.now_utc()
    monday = lines[0].monday if lines else (week or now_utc.date())
    made = report_labels.made_on(moment_text(now_utc, "UTC"))
    told = [report_labels.week_of(monday) + ".", made, *([] if squad is None else [report_labels.of_squad(squad.name)])]
    n_look = sum(line.needs_a_look for line in lines)
    table = _table(lines) if lines else f"<p>{escape(report_labels.nobody())}</p>"
    old = "" if not lines or any(line.before for line in lines) else f"<p>{escape(report_labels.not_so_far_back())}</p>"
    return (
        f'<section class="report"><p class="report-when" data-testid="when">{escape(" ".join(told))}</p>'
        f'<p class="muted" data-testid="report-summary">{escape(report_labels.summary(len(lines), n_look))}</p>'
        f"{_links(monday, now_utc, squad)}{old}{table}"
        f'<p class="muted">{escape(report_labels.how_to_read())}</p><p class="muted">{escape(words.range_text())}</p>'
        f'<p class="muted" data-testid="safety">{escape(words.safety_text())}</p></section>'
    )


def _links(monday: date, now_utc: datetime, squad: Squad | None) -> str:
    def to(day: date, text: str, testid: str) -> str:
        asked = {"week": day.isoformat()} | ({} if squad is None else {"squad": squad.id})
        return f'<a href="{PATH}?{escape(urlencode(asked))}" data-testid="{testid}">{escape(text)}</a>'

    after = to(monday + WEEK, report_labels.week_after(), "after") if monday + WEEK <= now_utc.date() else ""
    return (
        f'<nav class="pages report-links" aria-label="{escape(report_labels.report())}">'
        f'<a href="/">{escape(labels.back_link())}</a>{to(monday - WEEK, report_labels.week_before(), "before")}{after}'
        f'<span class="muted">{escape(report_labels.print_hint())}</span></nav>'
    )


def _table(lines: Sequence[AthleteWeek]) -> str:
    names = report_labels.columns()
    head = "".join(f'<th scope="col" role="columnheader">{escape(name)}</th>' for name in names)
    rows = "".join(_row(line, names) for line in lines)
    title = escape(report_labels.report())
    # The roles stand there because a narrow screen shows the rows as blocks, which takes a table its meaning.
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{title}"><table class="report-table" '
        'role="table">'
        f'<caption class="visually-hidden">{title}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _row(line: AthleteWeek, names: Sequence[str]) -> str:
    who = line.athlete
    name = f'<a href="/athlete/{escape(who.id)}">{escape(who.display_name)}</a>'
    if who.simulated:
        name += f' <span class="badge">{escape(labels.simulated_badge())}</span>'
    first = f'<th scope="row" role="rowheader">{name}</th>'
    if not line.shows_load:
        told = escape(report_labels.load_not_shown())
        cell = f'<td role="cell" colspan="{len(names) - 1}">{told}</td>'
        return f'<tr role="row" class="report-row" data-testid="week-{who.id}">{first}{cell}</tr>'
    cells = [
        words.UNKNOWN if line.bar is None else escape(report_labels.runs(line.bar.n_sessions, line.n_days)),
        _sum(line, "distance_m"),
        _sum(line, "load_eq_km") + _bars(line),
        _longest(line),
        _found(line),
        _now(line),
    ]
    told = "".join(
        f'<td role="cell" data-label="{escape(name)}">{cell}</td>' for name, cell in zip(names[1:], cells, strict=True)
    )
    look = " report-look" if line.needs_a_look else ""
    return f'<tr role="row" class="report-row{look}" data-testid="week-{who.id}">{first}{told}</tr>'


def _sum(line: AthleteWeek, measure: Measure) -> str:
    bar = line.bar
    if bar is None:
        return words.UNKNOWN
    value, limit = (
        (bar.distance_m, bar.limit_distance_m) if measure == "distance_m" else (bar.load_eq_km, bar.limit_load_eq_km)
    )
    notes = [report_labels.no_line() if limit is None else report_labels.line(words.quantity(limit, measure))]
    if bar.lower_bound and value is not None:
        notes.append(report_labels.at_least())
    if value is None and measure == "load_eq_km":
        notes.append(report_labels.reason(bar.reason))
    shown = escape(unbroken(words.bounded(value, measure, lower_bound=bar.lower_bound)))
    above = value is not None and limit is not None and value > limit  # "at least" above it is above it
    mark = '<span class="report-mark" aria-hidden="true">▲</span> ' if above else ""
    small = "".join(f"<small>{escape(unbroken(note))}</small>" for note in notes if note)
    return f"<strong>{mark}{shown}</strong>{small}"


def _bars(line: AthleteWeek) -> str:
    """The weeks up to this one, small, as a picture with its numbers in words; an unknown one is an open box."""
    values = [week.load_eq_km for week in line.before]
    most = max((value for value in values if value is not None), default=0.0)
    if len(values) < 2 or most <= 0:
        return ""
    drawn = "".join(_bar(i, value, most, newest=i == len(values) - 1) for i, value in enumerate(values))
    texts = ", ".join(words.quantity(value, "load_eq_km") for value in values)
    width = STEP * len(values)
    return (
        f'<svg class="report-bars" role="img" aria-label="{escape(report_labels.weeks_picture(texts))}" '
        f'viewBox="0 0 {width:.0f} {FOOT:.0f}" width="{width:.0f}" height="{FOOT:.0f}">{drawn}</svg>'
    )


def _bar(place: int, value: float | None, most: float, *, newest: bool) -> str:
    x = STEP * place
    if value is None:
        return f'<rect class="unknown" x="{x + 0.5:.1f}" y="0.5" width="{STEP - 3:.1f}" height="{FOOT - 1:.1f}"/>'
    height = max(FOOT * value / most, 0.8)
    name = "newest" if newest else "before"
    return f'<rect class="{name}" x="{x:.1f}" y="{FOOT - height:.1f}" width="{STEP - 2:.1f}" height="{height:.1f}"/>'


def _longest(line: AthleteWeek) -> str:
    run = line.longest
    if run is None:
        return words.UNKNOWN
    totals = run.totals
    day = local_day(run, line.athlete)
    partly = is_partly_recorded(totals.coverage)
    load = words.ranged(totals.load_eq_km, totals.load_eq_km_sd, "load_eq_km", lower_bound=partly)
    return escape(unbroken(report_labels.longest(day, words.quantity(totals.distance_m, "distance_m"), load)))


def _found(line: AthleteWeek) -> str:
    if not line.findings:
        return f'<span class="muted">{escape(report_labels.nothing_found())}</span>'
    items = "".join(
        f'<li class="report-{finding.severity}">{escape(unbroken(words.finding_headline(finding, theirs=True)))}</li>'
        for finding in line.findings
    )
    return f'<ul class="report-found">{items}</ul>'


def _now(line: AthleteWeek) -> str:
    told = [] if line.standing is None else [guide_words.verdict_word(line.standing)]
    if line.plan is not None:
        told.append(plan_line(line.plan))
    return "".join(f"<p>{escape(text)}</p>" for text in told)
