"""REST of the weekly report."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field

from sensor_hub import words
from sensor_hub.adapters.web.needs import REFUSED, Asked, needs
from sensor_hub.adapters.web.report_page import chosen_squad
from sensor_hub.adapters.web.session_answers import Answer, Number
from sensor_hub.adapters.web.week_report import AthleteWeek, told_of, week_report


class AthleteWeekAnswer(Answer):
    """One athlete's week. Numbers are null where nothing is known, or the athlete does not share what was run."""

    athlete: str = Field(description="Pseudonym.")
    display_name: str = Field(description="Name on the page.")
    simulated: bool = Field(description="True if no such person exists.")
    week_from: date = Field(description="First day of the week, as the athlete counts weeks.")
    shows_load: bool = Field(description="False where the athlete does not share what was run.")
    n_runs: int | None = Field(description="Runs of the week.")
    distance_m: Number = Field(description="Sum of the week's runs, m.")
    limit_distance_m: Number = Field(description="Week line of the distance, m.")
    load_eq_km: Number = Field(description="Modelled push-off load of the week's runs, eq-km.")
    limit_load_eq_km: Number = Field(description="Week line of the load, eq-km.")
    lower_bound: bool = Field(description="True if part of the week was not recorded: at least so much.")
    longest_run: str | None = Field(description="Session id of the run that went furthest.")
    findings: list[str] = Field(description="What the rules say of the week and its runs, in sentences.")
    standing: str | None = Field(description="What decides now; null where the asker may not see it, and of the past.")

    @classmethod
    def of(cls, line: AthleteWeek) -> Self:
        """Return a line as an answer."""
        bar = line.bar
        return cls(
            athlete=line.athlete.id,
            display_name=line.athlete.display_name,
            simulated=line.athlete.simulated,
            week_from=line.monday,
            shows_load=line.shows_load,
            n_runs=None if bar is None else bar.n_sessions,
            distance_m=None if bar is None else bar.distance_m,
            limit_distance_m=None if bar is None else bar.limit_distance_m,
            load_eq_km=None if bar is None else bar.load_eq_km,
            limit_load_eq_km=None if bar is None else bar.limit_load_eq_km,
            lower_bound=bar is not None and bar.lower_bound,
            longest_run=None if line.longest is None else line.longest.header.sid,
            findings=[words.finding_headline(finding, theirs=True) for finding in line.findings],
            standing=line.standing,
        )


def rest_report_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(prefix="/api", responses=REFUSED)

    @router.get(
        "/report",
        summary="A week of everybody the asker may see, those with alerts first",
        operation_id="report",
        dependencies=[needs("see-grid")],
    )
    def report(
        at: Asked,
        week: Annotated[date | None, Query(description="Any day of the week; the one that goes on by default.")] = None,
        squad: Annotated[str, Query(max_length=64, description="Id of a squad; everybody by default.")] = "",
    ) -> list[AthleteWeekAnswer]:
        chosen, week = chosen_squad(at, squad), told_of(week)
        lines = week_report(at, week, None if chosen is None else chosen.athletes)
        return [AthleteWeekAnswer.of(line) for line in lines]

    return router
