"""A history that is only a script: it notes what was asked of it and shows what it was told to show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sensor_hub.errors import EditError, RegistryError
from sensor_hub.model.athlete import Device, Shoe
from sensor_hub.model.edit import AddRun, Delete, Edit, Entry, Link, MarkDays, Tell, Trim
from sensor_hub.model.gait import Side
from sensor_hub.model.history import DaySpan, HistoryView, KeptSession, Offer, OpenDays, Piece, ShoeUse, Told
from sensor_hub.model.load import Totals
from sensor_hub.model.ports import ErasureReceipt, FilesTaken, Outcome
from sensor_hub.model.roster import PastLine, RosterLine, RosterPod, RosterQuestion, RosterView, Wish
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests.adapters.web.hub import NOW, TODAY, athlete, finding

MADE_UTC = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def session(sid: str, start_utc: datetime, km: float | None, minutes: float | None, source: str = "pod",
            tier: str = "imu", load: float | None = None) -> SessionSummary:  # fmt: skip
    by_hand = source == "by-hand"
    header = SessionHeader(sid, "mia", "Europe/Berlin", "import" if tier != "imu" else "live", tier,  # type: ignore[arg-type]
                           "achilles-1.0.0", "ref-pop-1", "by-hand" if by_hand else "pod")  # fmt: skip
    totals = Totals(
        n_steps=0.0 if by_hand else 6000.0, n_strides=0.0 if by_hand else 3000.0, duration_s=60.0 * (minutes or 0.0),
        distance_m=None if km is None else km * 1000, load_eq_km=load, load_eq_km_sd=None if load is None else 0.3,
        coverage=None if by_hand else 0.98,
    )  # fmt: skip
    warnings = (("by-hand",) if by_hand else ()) + (("duration-unknown",) if minutes is None else ())
    end_utc = start_utc + timedelta(minutes=minutes or 0.0)
    return SessionSummary(header, start_utc, end_utc, totals, source, warnings)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def entry(id_: str, edit: Edit, by: str = "page") -> Entry:
    return Entry(id_, "mia", MADE_UTC, by, edit)


def sessions() -> tuple[KeptSession, ...]:
    pod, watch = session("mia-pod", at(18, 6, 2), 8.1, 44, load=8.4), session("mia-watch", at(18, 6, 3), 8.2, 44,
                                                                              "run.fit", "contact", 8.1)  # fmt: skip
    return (
        KeptSession(session("mia-1", at(20, 9, 30), 11.9, 59, load=12.4), "counts", Told("shoe-a", False, 4.0, "windy"),
                    pieces=(Piece("mia-1"),)),
        KeptSession(pod, "counts", Told("shoe-a"), pieces=(Piece("mia-pod"),)),
        KeptSession(watch, "counts", pieces=(Piece("mia-watch"),)),
        KeptSession(session("mia-hand", at(16, 11), None, None, "by-hand", "speed"), "counts", entries=("e1",)),
        KeptSession(session("mia-edge2", at(15, 7, 1), 5.9, 33, load=6.0), "same-run", instead="mia-edge1",
                    because="two-edges", pieces=(Piece("mia-edge2"),)),
        KeptSession(session("mia-edge1", at(15, 7), 6.0, 33, load=6.1), "counts", because="two-edges",
                    pieces=(Piece("mia-edge1"),)),
        KeptSession(session("mia-cut", at(14, 7), 5.0, 30, load=5.1), "counts", entries=("e2",),
                    pieces=(Piece("mia-cut", None, at(14, 7, 30)),)),
        KeptSession(session("mia-gone", at(13, 7), 3.0, 20, load=3.1), "deleted", entries=("e3",),
                    pieces=(Piece("mia-gone"),)),
    )  # fmt: skip


def history() -> HistoryView:
    return HistoryView(
        "mia", TODAY, sessions(), offers=(Offer(("mia-pod", "mia-watch"), "mia-pod"),),
        open_days=(OpenDays(date(2026, 10, 20), date(2026, 10, 29)),),
        days=(DaySpan(date(2026, 9, 1), date(2026, 9, 9), "rested"),),
        shoes=(ShoeUse("shoe-a", 412_300.0, 412_300.0, 51), ShoeUse("shoe-b", None, 20_100.0, 3)),
        shoe_today="shoe-a",
        journal=(
            entry("e4", Tell("mia-1", note="windy")), entry("e3", Delete("mia-gone")),
            entry("e2", Trim("mia-cut", to_utc=at(14, 7, 30)), "cli"),
            entry("e1", AddRun("mia-hand", at(16, 11), has_time=False)),
            entry("e0", Delete("mia-pod")),
        ),
        undone=frozenset({"e0"}),
    )  # fmt: skip


class ScriptedHistory:
    """A Keeping over one history; ``refused`` is the next EditError. Simple edits change what is shown."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.view = history()
        self.edits: list[tuple[Edit, ...]] = []
        self.undone: list[str | None] = []
        self.by: list[str] = []
        self.refused: str | None = None

    def history(self, athlete: str) -> HistoryView:
        if athlete == "mia":
            return self.view
        if athlete in {"jon", "new", "ada", "sim", "off"}:
            return HistoryView(athlete, TODAY, ())
        raise RegistryError(f"no athlete {athlete!r}")

    def kept(self, sid: str) -> KeptSession | None:
        return next((kept for kept in self.view.sessions if kept.summary.header.sid == sid), None)

    def edit(self, athlete: str, edits: Sequence[Edit], *, by: str) -> Outcome:
        self.history(athlete)
        if self.refused is not None:
            problem, self.refused = self.refused, None
            raise EditError(problem)
        self.edits.append(tuple(edits))
        self.by.append(by)
        made = tuple(Entry(f"n{len(self.edits)}-{i}", athlete, NOW, by, edit) for i, edit in enumerate(edits))
        for one in edits:
            self._show(one)
        self.view = replace(self.view, journal=(*made[::-1], *self.view.journal))
        gone = tuple(finding(withdrawn=True) for one in edits if isinstance(one, Delete))
        return Outcome(made, (), gone)

    def undo(self, athlete: str, *, by: str, entry: str | None = None) -> Outcome:
        self.history(athlete)
        if entry is not None and entry not in {e.id for e in self.view.journal}:
            raise EditError(f"no entry {entry!r} in the journal (session journal lists all)")
        self.undone.append(entry)
        self.by.append(by)
        if entry is not None:
            self.view = replace(self.view, undone=self.view.undone ^ {entry})
        return Outcome((), (), ())

    def _show(self, edit: Edit) -> None:
        view = self.view
        if isinstance(edit, Delete):
            shown = tuple(
                replace(kept, standing="deleted") if kept.summary.header.sid == edit.sid else kept
                for kept in view.sessions
            )
            self.view = replace(view, sessions=shown)
        elif isinstance(edit, Link):
            self.view = replace(view, offers=())
        elif isinstance(edit, MarkDays):
            self.view = replace(view, open_days=())
        elif isinstance(edit, AddRun):
            km = None if edit.distance_m is None else edit.distance_m / 1000
            minutes = None if edit.duration_s is None else edit.duration_s / 60
            run = KeptSession(session(edit.sid, edit.start_utc, km, minutes, "by-hand", "speed"), "counts")
            self.view = replace(view, sessions=(run, *view.sessions))


class ScriptedData:
    """A PersonData that keeps two pairs of shoes and notes the rest."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.pairs = {
            "shoe-a": Shoe("shoe-a", "mia", "Grey trainers", 8.0, 100_000.0),
            "shoe-b": Shoe("shoe-b", "mia", "Race flats", None, 0.0),
        }
        self.imported: list[tuple[str, str, bytes]] = []
        self.erased: list[str] = []
        self.problem: str | None = None

    def import_file(self, athlete: str, path: str, name: str, progress) -> FilesTaken:  # type: ignore[no-untyped-def]
        if self.problem is not None:
            raise EditError(self.problem)
        with open(path, "rb") as file:  # noqa: PTH123
            self.imported.append((athlete, name, file.read()))
        progress(1, 2)
        progress(2, 2)
        return FilesTaken({"taken": 1, "refused": 1}, ("b.fit: broken header (send it again)",))

    def export(self, athlete: str, out: str) -> None:
        with open(out, "xb") as file:  # noqa: PTH123
            file.write(b"PK of " + athlete.encode())

    def backup(self, out: str) -> None:
        with open(out, "xb") as file:  # noqa: PTH123
            file.write(b"backup")

    def erase(self, athlete: str) -> ErasureReceipt:
        self.erased.append(athlete)
        return ErasureReceipt(True, ("42 rows erased from the store.", "Nothing was found afterwards."), {"rows": 42})

    def shoes(self, athlete: str) -> list[Shoe]:
        return [shoe for shoe in self.pairs.values() if shoe.athlete == athlete]

    def add_shoe(self, athlete: str, name: str, *, drop_mm: float | None, start_distance_m: float) -> Shoe:
        if any(shoe.name == name for shoe in self.pairs.values()):
            raise RegistryError(f"{name!r} is taken (choose another name)")
        made = Shoe(f"shoe-{len(self.pairs)}", athlete, name, drop_mm, start_distance_m)
        self.pairs[made.id] = made
        return made

    def change_shoe(
        self, shoe: str, *, name: str, drop_mm: float | None, start_distance_m: float, retired: bool
    ) -> Shoe:
        old = self.pairs[shoe]
        self.pairs[shoe] = replace(
            old, name=name, drop_mm=drop_mm, start_distance_m=start_distance_m, retired_utc=NOW if retired else None
        )
        return self.pairs[shoe]


class ScriptedRoster:
    """A Roster of three pods of the box and one that is Ada's for good."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        ada, ben = athlete("ada", "Ada Brandt"), athlete("jon", "Jonas Okafor")
        self.people = {"ada": ada, "jon": ben, "mia": athlete("mia", "Mia Lindqvist")}
        until = NOW + timedelta(hours=6)
        lent = RosterLine(1, "pod-3", "jon", "L", None, NOW, until)
        self.pods = {
            "pod-3": RosterPod(Device("pod-3", "AA:01", "Pod 3", "movesense", "jon", "L"), ben, lent),
            "pod-4": RosterPod(Device("pod-4", "AA:02", "Pod 4", "movesense"), None),
            "pod-5": RosterPod(Device("pod-5", "AA:03", "Pod 5", "movesense"), None),
            "ada-pod": RosterPod(Device("ada-pod", "AA:04", "Ada's pod", "movesense", "ada", "R"), ada, owner=ada),
        }
        self.asked: list[tuple[object, ...]] = []

    def tonight(self) -> RosterView:
        ends = [pod.line.until_utc for pod in self.pods.values() if pod.line is not None]
        return RosterView(NOW, max(ends, default=None), "Europe/Berlin", tuple(self.pods.values()))

    def past(self, since_utc: datetime | None = None) -> list[PastLine]:
        del since_utc
        return []

    def questions(self, wishes: Sequence[Wish], until_utc: datetime | None = None) -> list[RosterQuestion]:
        return [
            RosterQuestion("is-lent", self.pods[wish.device].device.name, wish.athlete, "Ada Brandt")
            for wish in wishes
            if self.pods[wish.device].owner is not None
        ]

    def set(self, wishes: Sequence[Wish], until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        if self.questions(wishes) and not agreed:
            raise RegistryError("Ada's pod is bound to Ada Brandt for good (agree to it)")
        for wish in wishes:
            self.asked.append(("bind", wish.device, wish.athlete, wish.side, until_utc, agreed))
            line = RosterLine(9, wish.device, wish.athlete, wish.side or "U", wish.mount, NOW, NOW + timedelta(hours=6))
            old = self.pods[wish.device]
            self.pods[wish.device] = replace(
                old, device=replace(old.device, side=wish.side or "U"), athlete=self.people[wish.athlete], line=line
            )
        return self.tonight()

    def bind(self, device: str, athlete: str, side: Side | None = None, until_utc: datetime | None = None, *,
             agreed: bool = False) -> RosterView:  # fmt: skip
        return self.set([Wish(device, athlete, side)], until_utc, agreed=agreed)

    def clear(self, device: str | None = None) -> RosterView:
        self.asked.append(("clear", device))
        for key in self.pods if device is None else [device]:
            self.pods[key] = replace(self.pods[key], athlete=self.pods[key].owner, line=None)
        return self.tonight()

    def swap(self, one: str, other: str) -> RosterView:
        self.asked.append(("swap", one, other))
        a, b = self.pods[one], self.pods[other]
        self.pods[one] = replace(a, athlete=b.athlete, line=b.line)
        self.pods[other] = replace(b, athlete=a.athlete, line=a.line)
        return self.tonight()

    def copy(self, day: date, until_utc: datetime | None = None, *, agreed: bool = False) -> RosterView:
        self.asked.append(("copy", day, until_utc, agreed))
        raise RegistryError(f"nobody had a pod of the roster on {day}")
