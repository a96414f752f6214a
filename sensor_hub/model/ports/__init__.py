"""What the composition root plugs together: the contracts of stores, of the hub's read side and of its write sides."""

from sensor_hub.model.ports.accounts import Accounts, SessionView, SignedIn, TokenView
from sensor_hub.model.ports.guides import DiaryView, Guide, RuleBook, SaidOutcome
from sensor_hub.model.ports.histories import Keeping, Outcome
from sensor_hub.model.ports.live import Addressees, Marks, Newcomers, Sensors, Squads
from sensor_hub.model.ports.persons import ErasureReceipt, FilesTaken, PersonData
from sensor_hub.model.ports.rosters import Roster
from sensor_hub.model.ports.stores import Movable, Store
from sensor_hub.model.ports.views import AthleteView, DaySession, HubView, Tile, TileState, WeekBar

__all__ = [
    "Accounts",
    "Addressees",
    "AthleteView",
    "DaySession",
    "DiaryView",
    "ErasureReceipt",
    "FilesTaken",
    "Guide",
    "HubView",
    "Keeping",
    "Marks",
    "Movable",
    "Newcomers",
    "Outcome",
    "PersonData",
    "Roster",
    "RuleBook",
    "SaidOutcome",
    "Sensors",
    "SessionView",
    "SignedIn",
    "Squads",
    "Store",
    "Tile",
    "TileState",
    "TokenView",
    "WeekBar",
]
