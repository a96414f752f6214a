"""A hub with accounts of every kind, for tests of who may do what: Mia's data and Jonas', and who asks for them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from fastapi import APIRouter, FastAPI

from sensor_hub.adapters.web import WriteSide, create_app
from sensor_hub.adapters.web.jobs import Job
from sensor_hub.model.diary import ConsentCategory
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import FilesTaken
from sensor_hub.model.session import SessionSummary
from tests.adapters.web.accounts import LASTS, PASSWORD, ScriptedAccounts
from tests.adapters.web.addressees import ScriptedAddressees
from tests.adapters.web.asgi import Browser
from tests.adapters.web.guiding import NOW, ScriptedBook, ScriptedGuide
from tests.adapters.web.history import ScriptedData, ScriptedHistory, ScriptedRoster
from tests.adapters.web.hub import TODAY, ScriptedHub, ScriptedMarks
from tests.adapters.web.newcomers import ScriptedNewcomers
from tests.adapters.web.sensors import ScriptedSensors
from tests.adapters.web.squads import ScriptedSquads

ATHLETES = ("mia", "jon")
PEOPLE = frozenset({"mia", "jon", "new", "ada", "sim", "off"})


class Hub(ScriptedHub):
    """Jonas has a session too."""

    def session(self, sid: str) -> SessionSummary | None:
        found = super().session(sid.replace("jon", "mia"))
        if found is None or not sid.startswith("jon"):
            return found
        return replace(found, header=replace(found.header, sid=sid, athlete="jon"))


class History(ScriptedHistory):
    """Jonas' has one session."""

    def history(self, athlete: str) -> HistoryView:
        return HistoryView(athlete, TODAY, ()) if athlete == "jon" else super().history(athlete)


class Guide(ScriptedGuide):
    """Everybody's diary is Mia's; ``allowed`` is what each lets their coach see."""

    def begin_anew(self) -> None:
        super().begin_anew()
        self.allowed: dict[str, frozenset[ConsentCategory]] = {}

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        return self.allowed.get(athlete, frozenset(("load",)))

    def _known(self, athlete: str) -> None:
        assert athlete in PEOPLE


@dataclass
class World:
    """Everything an application stands on, and how to ask it as somebody."""

    hub: Hub = field(default_factory=Hub)
    accounts: ScriptedAccounts = field(default_factory=ScriptedAccounts)
    keeping: History = field(default_factory=History)
    guide: Guide = field(default_factory=Guide)
    data: ScriptedData = field(default_factory=ScriptedData)
    roster: ScriptedRoster = field(default_factory=ScriptedRoster)
    sensors: ScriptedSensors = field(default_factory=ScriptedSensors)
    newcomers: ScriptedNewcomers = field(default_factory=ScriptedNewcomers)
    marks: ScriptedMarks = field(default_factory=ScriptedMarks)
    squads: ScriptedSquads = field(default_factory=ScriptedSquads)
    addressees: ScriptedAddressees = field(default_factory=ScriptedAddressees)

    def __post_init__(self) -> None:
        self.writing = WriteSide(
            self.keeping, self.data, self.roster, self.guide, ScriptedBook(),
            squads=self.squads, marks=self.marks, newcomers=self.newcomers,
            addressees=self.addressees, sensors=self.sensors, new_sid=lambda start: f"new-{start:%H%M%S}",
            now_utc=lambda: NOW,
        )  # fmt: skip
        self.app = self._app()
        self.begin_anew()

    def _app(self) -> FastAPI:
        numbers = APIRouter()
        numbers.add_api_route("/metrics", lambda: "hub_up 1", include_in_schema=False)
        return create_app(
            self.hub, self.writing, accounts=self.accounts, extra_routers=[(numbers, "see-metrics")],
            allowed_hosts=["hub.local"],
        )  # fmt: skip

    def begin_anew(self) -> None:
        """Have everything as at first, with nobody's account."""
        for part in (self.keeping, self.guide, self.data, self.roster, self.newcomers, self.marks, self.squads):
            part.begin_anew()
        self.addressees.begin_anew()
        self.sensors.begin_anew()
        fresh = ScriptedAccounts()
        version = self.accounts.changes
        self.accounts.__dict__.update(fresh.__dict__)
        self.accounts.changes = version + 1
        self.jobs: dict[str, Job] = {}

    def fill(self) -> None:
        """Make an account of every kind, and a job of each athlete."""
        add = self.accounts.add
        add("boss", "admin", PASSWORD)
        add("second", "admin", PASSWORD)
        add("mia", "runner", PASSWORD, ["mia"])
        add("coach-mia", "coach", PASSWORD, ["mia"])
        add("coach-jon", "coach", PASSWORD, ["jon"])
        add("coach-all", "coach", PASSWORD)

    def job_of(self, athlete: str) -> str:
        """Return the id of a job of somebody."""
        if athlete not in self.jobs:
            self.jobs[athlete] = self.writing.jobs.start(athlete, "run.fit", lambda _progress: FilesTaken({}, ()))
        return self.jobs[athlete].id

    def signed_in(self, name: str) -> dict[str, str]:
        """Headers of a browser that signed in."""
        return {"Cookie": f"sensor-hub={self.accounts.enter(name).secret}"}

    def token(self, name: str, *, reads_only: bool = True, days: int | None = 365) -> dict[str, str]:
        """Headers of a program with a token."""
        _view, secret = self.accounts.add_token(self.accounts.held[name].id, "t", reads_only=reads_only, days=days)
        return {"Authorization": f"Bearer {secret}"}

    def later(self) -> None:
        """Let sessions run out."""
        self.accounts.now_utc += LASTS + timedelta(seconds=1)

    def browser(self, peer: str = "127.0.0.1", host: str = "localhost") -> Browser:
        """Return what asks the application."""
        return Browser(self.app, host=host, peer=peer)


__all__ = ["ATHLETES", "PASSWORD", "World"]
