"""Athletes and devices. Every method is one transaction of its own and may be called from any thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self, TypedDict, Unpack

from sqlalchemy import BindParameter, String, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from sensor_hub.adapters.registry.account_rows import hand_over_accounts
from sensor_hub.adapters.registry.accounts import AccountBook
from sensor_hub.adapters.registry.addressees import AddresseeBook, hand_over_addressees
from sensor_hub.adapters.registry.checks import (
    HEIGHT_M,
    MASS_KG,
    checked_number,
    checked_place,
    checked_pseudonym,
    checked_text,
    checked_week_start,
    checked_zone,
    did_you_mean,
    draw_pseudonym,
    key_of,
)
from sensor_hub.adapters.registry.checks_of_sensors import SensorChecks
from sensor_hub.adapters.registry.databases import FAILURES, database_of, refusal
from sensor_hub.adapters.registry.erasing import Erasing
from sensor_hub.adapters.registry.gateways import Gateways, hand_over_gateways
from sensor_hub.adapters.registry.journal import Journal, hand_over_journal
from sensor_hub.adapters.registry.judging import Work, hand_over_work
from sensor_hub.adapters.registry.learned import Learned, forget_place, hand_over
from sensor_hub.adapters.registry.live_tables import SensorCheckRow
from sensor_hub.adapters.registry.marks import FindingMarks, hand_over_marks
from sensor_hub.adapters.registry.notifications import NotificationBook
from sensor_hub.adapters.registry.opening import open_engine, reading, writing
from sensor_hub.adapters.registry.person import Persons
from sensor_hub.adapters.registry.references import References, hand_over_references
from sensor_hub.adapters.registry.roster import Rosters, hand_over_roster
from sensor_hub.adapters.registry.shoes import Shoes
from sensor_hub.adapters.registry.sign_in_tries import SignInTries
from sensor_hub.adapters.registry.sign_ins import SignIns
from sensor_hub.adapters.registry.squads import SquadBook, hand_over_squads
from sensor_hub.adapters.registry.tables import AliasRow, AthleteRow, DeviceRow, ShoeRow
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount, Side

ME: Final = "me"
_PSEUDONYM: Final[BindParameter[str]] = bindparam("pseudonym", type_=String)
_KNOWN: Final = select(
    AthleteRow.id, AthleteRow.display_name, AthleteRow.zone, AthleteRow.mass_kg, AthleteRow.week_start,
    AthleteRow.simulated, AthleteRow.height_m,
).where(
    AthleteRow.id
    == func.coalesce(select(AliasRow.new).where(AliasRow.old == _PSEUDONYM).scalar_subquery(), _PSEUDONYM)
)  # fmt: skip


class AthleteChanges(TypedDict, total=False):
    """What ``set_athlete`` may change."""

    name: str
    zone: str
    mass_kg: float | None
    week_start: int
    height_m: float | None


class Registry:
    """A registry in one SQLite file or one PostgreSQL database, brought to the newest schema when it is opened.

    Pseudonyms are random, eight of ``a-z2-7``, and never given twice. Wherever an athlete is asked for, a pseudonym
    (also one merged away), a display name in any case, or ``me`` will do. Every refusal is a ``RegistryError``.
    ``learned`` keeps what was learned of an athlete's gait, ``references`` what their loads are expressed in,
    ``journal`` what was edited of their histories, ``rosters`` whose a pod is for one evening, ``shoes`` their
    pairs, ``gateways`` the broker's users, ``marks`` what people did with findings, ``squads`` who is looked at
    together, ``addressees`` who is told outside the pages, ``notifications`` what is on its way to them.
    """

    def __init__(self, url: str) -> None:
        """Open ``sqlite:///PATH`` or ``postgresql+pg8000://…``; RegistryError or ConfigError if that cannot be."""
        self._engine = open_engine(url)
        self._database = database_of(self._engine)
        self._writer = writing(self._engine)
        self.learned = Learned(self._session, _athlete)
        self.references = References(self._session, _athlete)
        self.journal = Journal(self._session, _athlete)
        self.erasing = Erasing(self._session, _athlete, self._engine)
        self.persons = Persons(self._session, _athlete, _name)
        self.rosters = Rosters(self._session, _athlete)
        self.gateways = Gateways(self._session, _athlete)
        self.shoes = Shoes(self._session, _athlete, _taken)
        self.accounts = AccountBook(self._session, _athlete, self._engine)
        self.sign_ins = SignIns(self._session)
        self.sign_in_tries = SignInTries(self._session)
        self.work = Work(self._session)
        self.sensor_checks = SensorChecks(self._session)
        self.marks = FindingMarks(self._session, _athlete)
        self.squads = SquadBook(self._session, _athlete, _taken)
        self.addressees = AddresseeBook(self._session, _athlete)
        self.notifications = NotificationBook(self._session)

    @property
    def url(self) -> str:
        """Where it is, for a process of its own that opens it too; with its password, so it is shown to nobody."""
        return self._database.url

    def close(self) -> None:
        """Release file or connections; safe to call twice."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    @contextmanager
    def _session(self, *, writes: bool) -> Iterator[Session]:
        try:
            with Session(self._writer if writes else self._engine) as session, session.begin():
                yield session
        except FAILURES as error:
            raise refusal(self._database, error) from error

    # --- athletes ----------------------------------------------------------------------------------------------------

    def add_athlete(
        self,
        name: str,
        zone: str,
        *,
        mass_kg: float | None = None,
        week_start: int = 1,
        simulated: bool = False,
        pseudonym: str | None = None,
        height_m: float | None = None,
    ) -> Athlete:
        """Add an athlete under a new pseudonym; RegistryError if the name is taken or a value is out of range.

        pseudonym : the one they have on a hub, for a gateway that is to speak of the same person.
        """
        with self._session(writes=True) as session:
            row = _add_athlete(session, name, zone, mass_kg, week_start, simulated, pseudonym)
            row.height_m = _height(height_m)
            return row.as_model()

    def athletes(self) -> list[Athlete]:
        """All athletes by name."""
        with self._session(writes=False) as session:
            return [row.as_model() for row in session.scalars(select(AthleteRow).order_by(AthleteRow.name_key))]

    def athlete(self, id_or_name: str) -> Athlete:
        """One athlete; RegistryError with near names if there is none."""
        with self._session(writes=False) as session:
            return _athlete(session, id_or_name).as_model()

    def set_athlete(self, id_or_name: str, **changes: Unpack[AthleteChanges]) -> Athlete:
        """Change name, zone, mass_kg or height_m (None: unknown) or week_start; all of it or nothing."""
        if unknown := changes.keys() - AthleteChanges.__annotations__.keys():
            raise ValueError(f"an athlete has no {', '.join(sorted(unknown))} to set")
        with self._session(writes=True) as session:
            row = _athlete(session, id_or_name)
            if "name" in changes:
                _name(session, row, changes["name"])
            if "zone" in changes:
                row.zone = checked_zone(changes["zone"])
            if "mass_kg" in changes:
                row.mass_kg = _mass(changes["mass_kg"])
            if "week_start" in changes:
                row.week_start = checked_week_start(changes["week_start"])
            if "height_m" in changes:
                row.height_m = _height(changes["height_m"])
            return row.as_model()

    def merge_athletes(self, source: str, target: str) -> Athlete:
        """Give all that is the source's to the target, remove the source, return the target.

        That is devices, shoes, calibrations, patterns, load references, accounts, marks, squads and former pseudonyms.

        The store has its own half of a merge (``Store.reassign``).
        """
        with self._session(writes=True) as session:
            gone, kept = _athlete(session, source), _athlete(session, target)
            if gone is kept:
                raise RegistryError(f"{gone.display_name!r} cannot be merged with itself: name two athletes")
            if gone.simulated != kept.simulated:
                simulated = gone if gone.simulated else kept
                raise RegistryError(
                    f"{simulated.display_name!r} is simulated and the other is not: only alike can be merged"
                )
            session.execute(update(DeviceRow).where(DeviceRow.athlete == gone.id).values(athlete=kept.id))
            session.execute(update(ShoeRow).where(ShoeRow.athlete == gone.id).values(athlete=kept.id))
            session.execute(update(AliasRow).where(AliasRow.new == gone.id).values(new=kept.id))
            hand_over(session, gone.id, kept.id)
            hand_over_references(session, gone.id, kept.id)
            hand_over_journal(session, gone.id, kept.id)
            hand_over_roster(session, gone.id, kept.id)
            hand_over_accounts(session, gone.id, kept.id)
            hand_over_work(session, gone.id, kept.id)
            hand_over_gateways(session, gone.id, kept.id)
            hand_over_marks(session, gone.id, kept.id)
            hand_over_addressees(session, gone.id, kept.id)
            hand_over_squads(session, gone.id, kept.id)
            session.add(AliasRow(old=gone.id, new=kept.id))
            role = gone.role
            session.delete(gone)
            session.flush()  # the role is unique: it has to be free before it is given on
            kept.role = role or kept.role
            return kept.as_model()

    def resolve(self, pseudonym: str) -> str:
        """Return the athlete's pseudonym of today; one that was never merged, or is not ours, is its own answer."""
        with self._session(writes=False) as session:
            alias = session.get(AliasRow, pseudonym)
            return pseudonym if alias is None else alias.new

    def known(self, pseudonym: str) -> Athlete | None:
        """Return whom a pseudonym stands for today, also one merged away; None for one that is not ours."""
        with reading(self._engine) as connection:
            row = connection.execute(_KNOWN, {"pseudonym": pseudonym}).one_or_none()
            return None if row is None else Athlete(*row)

    def me(self, zone: str) -> Athlete:
        """Return the athlete that files without an athlete belong to; created in ``zone`` at first use.

        Renamed or merged, they stay it.
        """
        with self._session(writes=True) as session:
            row = session.scalar(select(AthleteRow).where(AthleteRow.role == ME))
            return (row or _add_athlete(session, ME, zone, None, 1, False)).as_model()

    # --- devices -----------------------------------------------------------------------------------------------------

    def add_device(
        self,
        address: str,
        name: str,
        profile: str,
        *,
        athlete: str | None = None,
        side: Side = "U",
        mount: Mount | None = None,
    ) -> Device:
        """Add a paired sensor; RegistryError if its address (in any case) is known already.

        What was usual of its athlete's strides at its place is forgotten.
        """
        address, name, profile = (
            checked_text(address, "device address"),
            checked_text(name, "device name"),
            checked_text(profile, "device profile"),
        )
        checked_place(side, mount)
        with self._session(writes=True) as session:
            known = session.scalar(select(DeviceRow).where(DeviceRow.address_key == key_of(address)))
            if known is not None:
                raise RegistryError(
                    f"{address} is paired already, as {known.name!r} ({known.id}): bind that one instead"
                )
            owner = None if athlete is None else _athlete(session, athlete).id
            row = DeviceRow(
                id=draw_pseudonym(_taken(session), name),
                address=address,
                address_key=key_of(address),
                name=name,
                profile=profile,
                athlete=owner,
                side=side,
                mount=mount,
            )
            session.add(row)
            forget_place(session, owner, mount, side)
            return row.as_model()

    def devices(self, athlete: str | None = None) -> list[Device]:
        """All devices, or those bound to one athlete, by name."""
        query = select(DeviceRow).order_by(DeviceRow.name, DeviceRow.id)
        with self._session(writes=False) as session:
            if athlete is not None:
                query = query.where(DeviceRow.athlete == _athlete(session, athlete).id)
            return [row.as_model() for row in session.scalars(query)]

    def device(self, id_address_or_name: str) -> Device:
        """One device; RegistryError if there is none, or if several bear the name."""
        with self._session(writes=False) as session:
            return _device(session, id_address_or_name).as_model()

    def bind_device(self, device: str, athlete: str | None, side: Side = "U", mount: Mount | None = None) -> Device:
        """Give a device (id, address or name) its wearer and place; athlete None takes it from everybody.

        What was usual of the athlete's strides at that place is forgotten, even if the device was there already.
        """
        checked_place(side, mount)
        with self._session(writes=True) as session:
            row = _device(session, device)
            row.athlete = None if athlete is None else _athlete(session, athlete).id
            if (row.side, row.mount) != (side, mount):
                row.swing = None  # worn elsewhere it turns another way
            row.side, row.mount = side, mount
            forget_place(session, row.athlete, mount, side)
            return row.as_model()

    def remember_device(self, device: str, *, fingerprint: str | None = None, swing: str | None = None) -> Device:
        """Keep what a device was like; None leaves what is known."""
        with self._session(writes=True) as session:
            row = _device(session, device)
            row.fingerprint = fingerprint or row.fingerprint
            row.swing = swing or row.swing
            return row.as_model()

    def remove_device(self, device: str) -> Device:
        """Forget a device (id, address or name); return what it was. Its sessions stay, under its pseudonym."""
        with self._session(writes=True) as session:
            row = _device(session, device)
            gone = row.as_model()
            session.delete(row)
            session.execute(delete(SensorCheckRow).where(SensorCheckRow.device == gone.id))
            return gone


# --- inside a transaction --------------------------------------------------------------------------------------------


def _taken(session: Session) -> set[str]:
    """Everything a new pseudonym must differ from: ids, former ids, and names that would read like one."""
    ids, names = (
        (AthleteRow.id, AliasRow.old, DeviceRow.id, ShoeRow.id),
        (AthleteRow.name_key, DeviceRow.name, ShoeRow.name),
    )
    return {text for column in (*ids, *names) for text in session.scalars(select(column))}


def _mass(mass_kg: float | None) -> float | None:
    return None if mass_kg is None else checked_number(mass_kg, "mass", "kg", MASS_KG)


def _height(height_m: float | None) -> float | None:
    return None if height_m is None else checked_number(height_m, "height", "m", HEIGHT_M)


def _athlete(session: Session, id_or_name: str) -> AthleteRow:
    row = session.get(AthleteRow, id_or_name)
    if row is None and (alias := session.get(AliasRow, id_or_name)) is not None:
        row = session.get(AthleteRow, alias.new)
    if row is None:
        row = session.scalar(select(AthleteRow).where(AthleteRow.name_key == key_of(id_or_name)))
    if row is None and key_of(id_or_name) == ME:
        row = session.scalar(select(AthleteRow).where(AthleteRow.role == ME))
    if row is not None:
        return row
    names = list(session.scalars(select(AthleteRow.display_name).order_by(AthleteRow.name_key)))
    hint = did_you_mean(id_or_name, names) or (
        f": known are {', '.join(map(repr, names[:5]))}{' …' if len(names) > 5 else ''}"
        if names
        else ": there is none yet, add one with `sensor-hub athlete add`"
    )
    raise RegistryError(f"no athlete {id_or_name!r}{hint}")


def _device(session: Session, wanted: str) -> DeviceRow:
    row = session.get(DeviceRow, wanted)
    if row is None:
        row = session.scalar(select(DeviceRow).where(DeviceRow.address_key == key_of(wanted)))
    if row is not None:
        return row
    known = list(session.scalars(select(DeviceRow).order_by(DeviceRow.id)))
    named = [device for device in known if key_of(device.name) == key_of(wanted)]
    if len(named) == 1:
        return named[0]
    if named:
        raise RegistryError(
            f"{len(named)} devices are named {wanted!r}: give an id, {' or '.join(d.id for d in named)}"
        )
    hint = did_you_mean(wanted, [device.name for device in known]) or ": pair it first, or give its id or address"
    raise RegistryError(f"no device {wanted!r}{hint}")


def _name(session: Session, row: AthleteRow, name: str) -> None:
    """Set a display name; RegistryError if it means somebody else already."""
    tidy = checked_text(name, "athlete name")
    key = key_of(tidy)
    other = session.scalar(select(AthleteRow).where(AthleteRow.name_key == key, AthleteRow.id != row.id))
    if other is not None:
        raise RegistryError(f"the name {tidy!r} is taken by athlete {other.id}: choose another, or merge the two")
    if session.get(AthleteRow, key) is not None or session.get(AliasRow, key) is not None:
        raise RegistryError(f"the name {tidy!r} is a pseudonym in use: choose another")
    if key == ME:
        if row.simulated:
            raise RegistryError(f"{ME!r} is a real runner: give the simulated athlete another name")
        mine = session.scalar(select(AthleteRow).where(AthleteRow.role == ME, AthleteRow.id != row.id))
        if mine is not None:
            raise RegistryError(f"{ME!r} is {mine.display_name!r} ({mine.id}) here: choose another name")
        row.role = ME
    row.display_name, row.name_key = tidy, key


def _add_athlete(
    session: Session,
    name: str,
    zone: str,
    mass_kg: float | None,
    week_start: int,
    simulated: bool,
    pseudonym: str | None = None,
) -> AthleteRow:
    taken = _taken(session)
    row = AthleteRow(
        id=draw_pseudonym(taken, name) if pseudonym is None else checked_pseudonym(pseudonym, taken),
        zone=checked_zone(zone),
        mass_kg=_mass(mass_kg),
        week_start=checked_week_start(week_start),
        simulated=simulated,
    )
    _name(session, row, name)
    session.add(row)
    session.flush()
    return row


__all__ = ["AthleteChanges", "Registry"]
