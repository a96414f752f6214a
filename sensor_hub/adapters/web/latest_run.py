"""The newest run on an athlete's page: a line, itself over its time, and its load piece by piece, each folded."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from nicegui.events import GenericEventArguments

from sensor_hub import words
from sensor_hub.adapters.web import athlete_labels, run_labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.load_cards import FactsCard, facts_of
from sensor_hub.adapters.web.timeline_card import TimelineCard, load_script
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.ports import HubView
from sensor_hub.model.session import SessionSummary

ON_ITS_OWN_PAGE: Final = ("sensitivity", "stiffness")  # for the curious: on the page of a run alone


class LatestRun:
    """The newest run: a line, itself over its time, the way to its page, and its load piece by piece, folded."""

    def __init__(self, view: HubView, name: str) -> None:
        self._view, self._name = view, name
        self._sid: str | None = None
        self._drawn: str | None = None
        self._is_open = False
        load_script()
        with Tag("section", classes="card latest", aria_labelledby="latest-title", data_testid="latest") as self._box:
            Tag("h2", athlete_labels.latest_run(), id="latest-title")
            self._line = Tag("p", classes="kept-numbers", data_testid="latest-line")
            with Tag("details", data_testid="latest-time") as self._fold:
                Tag("summary", athlete_labels.over_time())
                self._over_time = Tag("div", classes="latest-over-time")
            self._fold.on("toggle", self._toggled, js_handler="(e) => emit(e.target.open)")
            self._link = Tag("a", run_labels.all_numbers(), "more-link", data_testid="latest-link")
            with Tag("details", data_testid="latest-facts"):
                Tag("summary", athlete_labels.numbers_of_run())
                self._facts = FactsCard("")

    def show(self, sessions: Sequence[SessionSummary]) -> None:
        """Show the newest run, or nothing where there never was one."""
        newest = next((s for s in sessions if s.header.ledger == "run"), None)
        self._box.set_visibility(newest is not None)
        if newest is None:
            return
        day = words.day_name(newest.start_utc.astimezone(ZoneInfo(newest.header.zone)).date())
        totals = newest.totals
        at_least = is_partly_recorded(totals.coverage)
        amount = words.ranged(totals.load_eq_km, totals.load_eq_km_sd, "load_eq_km", lower_bound=at_least)
        self._line.set_text(run_labels.run_link(day, words.quantity(totals.distance_m, "distance_m"), amount))
        self._link.put(href=f"/session/{newest.header.sid}")
        is_first, self._sid = self._sid is None, newest.header.sid
        if is_first and not newest.ended:  # while somebody runs it is what the page is opened for
            self._fold.put(open="")
            self._is_open = True
        self._draw()
        facts = [fact for fact in facts_of(newest) if fact.key not in ON_ITS_OWN_PAGE]
        self._facts.show(run_labels.newest_run(day, running=not newest.ended), facts)

    def _toggled(self, event: GenericEventArguments) -> None:
        self._is_open = bool(event.args)
        self._draw()

    def _draw(self) -> None:
        """Draw the run over its time where that was opened; nobody reads it else."""
        if not self._is_open or self._sid is None or self._sid == self._drawn:
            return
        self._drawn = self._sid
        self._over_time.clear()
        with self._over_time:
            TimelineCard(self._view, self._sid, name=self._name, few=True)
