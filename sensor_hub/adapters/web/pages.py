"""Which pages there are, what each needs, and how each is built for whoever asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nicegui import ui
from starlette.requests import Request

from sensor_hub.adapters.web import account_labels, labels, run_labels
from sensor_hub.adapters.web.about_page import AboutPage
from sensor_hub.adapters.web.account_page import AccountPage
from sensor_hub.adapters.web.accounts_page import AccountsPage
from sensor_hub.adapters.web.athlete_page import Allowed as OnAthletePage
from sensor_hub.adapters.web.athlete_page import AthletePage
from sensor_hub.adapters.web.data_page import DataPage
from sensor_hub.adapters.web.diary_page import DiaryPage
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import ABOUT_PATH, Frame
from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.adapters.web.needs import Need, session_of
from sensor_hub.adapters.web.notify_page import NotifyPage
from sensor_hub.adapters.web.plan_page import PlanPage
from sensor_hub.adapters.web.rights import Forbidden, NotKnown, Rights
from sensor_hub.adapters.web.roster_page import RosterPage
from sensor_hub.adapters.web.rules_page import AthleteRulesPage, RulesPage
from sensor_hub.adapters.web.runs_page import RunsPage
from sensor_hub.adapters.web.seen import HUB, SIDE, Seen, rights_of
from sensor_hub.adapters.web.sensors_page import SensorsPage
from sensor_hub.adapters.web.session_page import SessionPage
from sensor_hub.adapters.web.shoes_page import ShoesPage
from sensor_hub.adapters.web.spoken import SpokenPage
from sensor_hub.adapters.web.squads_page import SquadsPage
from sensor_hub.adapters.web.start_page import START_PATH, StartPage
from sensor_hub.adapters.web.today_page import Allowed, TodayPage
from sensor_hub.adapters.web.visitor import Watch
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import Action
from sensor_hub.model.comparison import are_of_a_kind
from sensor_hub.model.ports import Accounts, AthleteView, HubView
from sensor_hub.model.session import SessionSummary

ACCOUNTS: Final = "sensor_hub.accounts"


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that is being built. athlete : whom it is about, by pseudonym; None where it is about nobody."""

    request: Request
    seen: Seen
    athlete: str | None

    @property
    def rights(self) -> Rights:
        """Of who looks at it."""
        return self.seen.rights

    @property
    def view(self) -> HubView:
        """As they may see it."""
        return self.seen.view

    @property
    def writing(self) -> WriteSide:
        """As they may change it."""
        return self.seen.writing

    def person(self) -> AthleteView:
        """Return whom it is about; NotKnown if they are gone."""
        found = self.view.athlete(str(self.request.path_params["athlete"]))
        if found is None:
            raise NotKnown(labels.athlete_unknown())
        return found

    def may(self, *actions: Action) -> bool:
        """Whether all of these may be done about whom it is about."""
        return self.rights.may(*actions, athlete=self.athlete)

    def refusal(self, *actions: Action) -> str | None:
        """Return what stands in place of what changes something; None where it may be changed."""
        return None if self.may(*actions) else account_labels.only_looking()


@dataclass(frozen=True, slots=True)
class PageAt:
    """One page: its address, what it needs, and what builds it."""

    path: str
    need: Need
    show: Callable[[Visit], None]


def register(page: PageAt) -> None:
    """Have NiceGUI serve a page."""

    def build(request: Request) -> None:
        rights = rights_of(request)
        try:
            is_about = page.need.about in {"athlete", "session"}
            athlete = page.need.athlete(request) if is_about else None
            page.need(request)
            page.show(Visit(request, Seen.by(rights, request.scope[HUB], request.scope[SIDE]), athlete))
        except NotKnown:
            _nothing_there(page.need)
            return
        except Forbidden as problem:
            _told(403, account_labels.forbidden_title(), str(problem))
            return
        except SensorHubError as problem:
            ui.context.client.status_code = 503
            Frame(labels.hub_unreadable(), back=True).trouble(str(problem))
            return
        Watch(request, rights, athlete, _ended)

    SpokenPage(page.path, title="sensor_hub")(build)


def _told(status_code: int, title: str, text: str) -> None:
    ui.context.client.status_code = status_code
    with Frame(title, back=True).body:
        Tag("p", text)


def _nothing_there(need: Need) -> None:
    if need.about == "session":
        _told(404, run_labels.session_unknown(), run_labels.session_unknown_text())
    else:
        _told(404, labels.athlete_unknown(), labels.athlete_unknown_text())


def _ended(link: str, text: str) -> None:
    with Tag("div", classes="page"), Tag("section", classes="card", role="alert", data_testid="ended"):
        Tag("h1", account_labels.signed_out_title())
        Tag("p", account_labels.signed_out_text())
        Tag("a", text, "button", href=link, data_testid="sign-in-again")


def _athlete_page(visit: Visit) -> None:
    allowed = OnAthletePage(
        guidance=visit.may("see-pain", "see-medication"),
        pain=visit.may("see-pain"),
        diary=visit.may("write-diary"),
        mark=visit.may("mark-findings"),
        shoes=visit.may("see-shoes"),
        sensors=visit.may("see-sensors"),
    )
    AthletePage(visit.view, visit.person(), visit.writing, allowed)


def _today_page(visit: Visit) -> None:
    account = visit.rights.account
    allowed = Allowed(
        guidance=visit.may("see-pain", "see-medication"),
        diary=visit.may("write-diary"),
        files=visit.may("import"),
        by_hand=visit.may("edit-history"),
        sensors=visit.may("see-sensors"),
        pair=visit.may("pair-sensor"),
        theirs=account is not None and account.role != "runner",
    )
    TodayPage(visit.view, visit.person(), visit.writing, allowed)


def _start_page(visit: Visit) -> None:
    newcomers, query = visit.writing.newcomers, visit.request.query_params
    if newcomers is None:
        _unknown_page(visit)
        return
    rights, asked = visit.rights, (query.get("step", ""), query.get("athlete", ""))
    StartPage(visit.view, visit.writing, newcomers, asked, lambda action, who: rights.may(action, athlete=who))


def _runs_page(visit: Visit) -> None:
    keeping = visit.writing.keeping
    if keeping is None:
        _unknown_page(visit)
        return
    athlete = visit.person().tile.athlete
    RunsPage(visit.view, visit.writing, keeping, athlete, visit.refusal("edit-history"))


def _diary_page(visit: Visit) -> None:
    guide = visit.writing.guide
    if guide is None:
        _unknown_page(visit)
        return
    DiaryPage(
        visit.view,
        visit.writing,
        guide,
        visit.person().tile.athlete,
        may_write=visit.may("write-diary"),
        sees_guidance=visit.may("see-pain", "see-medication"),
    )


def _plan_page(visit: Visit) -> None:
    guide = visit.writing.guide
    if guide is None:
        _unknown_page(visit)
        return
    PlanPage(visit.writing, guide, visit.person().tile.athlete, may_write=visit.may("write-diary"))


def _athlete_rules_page(visit: Visit) -> None:
    guide, book = visit.writing.guide, visit.writing.rules
    if guide is None or book is None:
        _unknown_page(visit)
        return
    AthleteRulesPage(visit.writing, guide, book, visit.person().tile.athlete, may_set=visit.may("set-rules"))


def _rules_page(visit: Visit) -> None:
    if visit.writing.rules is None:
        _unknown_page(visit)
        return
    RulesPage(visit.writing, visit.writing.rules)


def _shoes_page(visit: Visit) -> None:
    keeping, data = visit.writing.keeping, visit.writing.data
    if keeping is None or data is None:
        _unknown_page(visit)
        return
    refusal = visit.refusal("change-shoes", "edit-history")
    ShoesPage(visit.view, visit.writing, keeping, data, visit.person().tile.athlete, refusal)


def _data_page(visit: Visit) -> None:
    data = visit.writing.data
    if data is None:
        _unknown_page(visit)
        return
    refusal = visit.refusal("import", "export", "erase")
    DataPage(visit.writing, data, visit.person().tile.athlete, refusal)


def _notify_page(visit: Visit) -> None:
    addressees = visit.writing.addressees
    if addressees is None:
        _unknown_page(visit)
        return
    NotifyPage(visit.writing, addressees, visit.person().tile.athlete, visit.request.scope)


def _roster_page(visit: Visit) -> None:
    if visit.writing.roster is None:
        _unknown_page(visit)
        return
    has_sensors = visit.writing.sensors is not None
    RosterPage(visit.view, visit.writing.roster, visit.refusal("set-roster"), has_sensors=has_sensors)


def _squads_page(visit: Visit) -> None:
    if visit.writing.squads is None:
        _unknown_page(visit)
        return
    SquadsPage(visit.view, visit.writing.squads, visit.refusal("set-squads"))


def _sensors_page(visit: Visit) -> None:
    sensors = visit.writing.sensors
    if not isinstance(sensors, SeenSensors):
        _unknown_page(visit)
        return
    athlete = visit.person().tile.athlete
    SensorsPage(visit.view, visit.writing, sensors, athlete, visit.refusal("pair-sensor"))


def _box_page(visit: Visit) -> None:
    sensors = visit.writing.sensors
    if not isinstance(sensors, SeenSensors):
        _unknown_page(visit)
        return
    SensorsPage(visit.view, visit.writing, sensors, None, visit.refusal("set-roster"))


def _session_page(visit: Visit) -> None:
    found = session_of(visit.view, visit.writing, str(visit.request.path_params["sid"]))
    if found is None:
        raise NotKnown(run_labels.session_unknown())
    SessionPage(visit.view, found, visit.writing, visit.refusal("edit-history"), _compared_with(visit, found))


def _compared_with(visit: Visit, this: SessionSummary) -> SessionSummary | None:
    """Return the session that the address asks to be compared: of the same kind, and of the same person.

    Any other is as if it were not there.
    """
    sid = visit.request.query_params.get("with")
    if not sid or sid == this.header.sid:
        return None
    other = session_of(visit.view, visit.writing, sid)
    if other is None or not are_of_a_kind(this.header, other.header):
        raise NotKnown(run_labels.session_unknown())
    if _owner_of(visit, other) != _owner_of(visit, this):
        raise NotKnown(run_labels.session_unknown())
    return other


def _owner_of(visit: Visit, session: SessionSummary) -> str:
    found = visit.view.person(session.header.athlete)
    return session.header.athlete if found is None else found.id


def _account_page(visit: Visit) -> None:
    accounts: Accounts | None = visit.request.scope[ACCOUNTS]
    AccountPage(accounts, visit.rights, visit.request.scope, visit.writing.addressees)


def _accounts_page(visit: Visit) -> None:
    accounts: Accounts | None = visit.request.scope[ACCOUNTS]
    if accounts is None:
        _unknown_page(visit)
        return
    AccountsPage(accounts, visit.rights, visit.view, visit.request.scope)


def _about_page(_visit: Visit) -> None:
    AboutPage()


def _unknown_page(visit: Visit) -> None:
    _told(404, labels.page_unknown(), labels.page_unknown_text(visit.request.url.path.lstrip("/")))


def _of(*actions: Action) -> Need:
    return Need(actions, "athlete")


PAGES: Final = (
    PageAt("/athlete/{athlete}", _of("see-load"), _athlete_page),
    PageAt("/athlete/{athlete}/today", _of("see-load"), _today_page),
    PageAt("/athlete/{athlete}/runs", _of("see-load"), _runs_page),
    PageAt("/athlete/{athlete}/diary", _of("see-pain"), _diary_page),
    PageAt("/athlete/{athlete}/plan", _of("see-pain", "see-medication"), _plan_page),
    PageAt("/athlete/{athlete}/rules", _of("see-pain"), _athlete_rules_page),
    PageAt("/athlete/{athlete}/shoes", _of("see-shoes"), _shoes_page),
    PageAt("/athlete/{athlete}/data", _of("export"), _data_page),
    PageAt("/athlete/{athlete}/notify", _of("set-notifying"), _notify_page),
    PageAt(START_PATH, Need(("add-athlete",)), _start_page),
    PageAt("/athlete/{athlete}/sensors", _of("see-sensors"), _sensors_page),
    PageAt("/sensors", Need(("see-roster",)), _box_page),
    PageAt("/rules", Need(("see-rules",)), _rules_page),
    PageAt("/roster", Need(("see-roster",)), _roster_page),
    PageAt("/squads", Need(("see-squads",)), _squads_page),
    PageAt("/session/{sid}", Need(("see-load",), "session"), _session_page),
    PageAt("/account", Need(("own-account",)), _account_page),
    PageAt("/accounts", Need(("manage-accounts",)), _accounts_page),
    PageAt(ABOUT_PATH, Need(about="signed-in"), _about_page),
    PageAt("/{path:path}", Need(about="signed-in"), _unknown_page),  # last: it answers for every address that is none
)
