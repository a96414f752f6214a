"""A person erased: from store, journal, outbox, recordings, broker and registry; then searched for, with a receipt.

The registry forgets them last, so a call that was stopped anywhere is repeated to the end. From its first moment on a
running hub drops what comes for them and shows them no more. Sessions that are somebody else's now stay theirs.
"""

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sensor_hub import __version__
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.addresses import file_of
from sensor_hub.adapters.registry.checks import key_of
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.history.journal_view import without_sessions
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.person.erasing_files import TheirFiles, erase_files, leave_out_of_log, their_files
from sensor_hub.app.person.erasing_plan import Plan, plan_of
from sensor_hub.app.person.erasing_search import (
    Found,
    Named,
    clear_retained,
    search_files,
    search_registry,
    search_store,
)
from sensor_hub.app.person.person_export_content import own_history
from sensor_hub.app.place import Place, broker_url, registry_in_use
from sensor_hub.config import Settings
from sensor_hub.errors import BrokerError, ConfigError, RegistryError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.ports import ErasureReceipt
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary
from sensor_hub.wire import Topics
from sensor_hub.words.erasing import receipt_lines

HUB_NOTICES_WITHIN_S: Final = 20.0
ROUNDS: Final = 3  # a batch that a hub had in hand when the erasure began may come to rest after it
T = TypeVar("T")
OUT_OF_REACH: Final = ("backups", "exports", "other-machines", "queued", "disk-blocks")


@dataclass(slots=True)
class _Work:
    """One person, what names them, and what was done so far."""

    who: str
    named: Named
    plan: Plan
    files: TheirFiles
    counts: dict[str, int] = field(default_factory=dict)
    searched: dict[str, Found] = field(default_factory=dict)


def erase_athlete(
    settings: Settings,
    athlete: str,
    *,
    dry_run: bool = False,
    with_devices: bool = False,
    on_step: Callable[[str], None] = lambda _step: None,
) -> ErasureReceipt:
    """Erase everything kept of an athlete in this installation, and search for what is left.

    Parameters
    ----------
    athlete : pseudonym or name; of somebody whom only a sending edge knows, or who was erased before, the pseudonym.
    dry_run : only count.
    with_devices : their sensors are forgotten too, with their addresses; else they stay paired, as nobody's.
    on_step : told what is being done, for a person who waits.

    Raises
    ------
    RegistryError
        If nobody is called so.
    ConfigError, StoreError, RecordingError
        If something refuses; what is not erased yet is erased by calling this again.
    """
    begun_utc = datetime.now(UTC)
    place = Place.at(settings.data_dir)
    with open_archive(settings) as archive:
        work = _prepare(archive, settings, athlete, with_devices=with_devices)
        _count(work, archive)
        if not dry_run:
            _erase(work, archive, place, settings, with_devices=with_devices, on_step=on_step)
    body = _body(work, begun_utc, dry_run=dry_run, with_devices=with_devices)
    if settings.store.get_secret_value():
        body["out_of_reach"].append("influx-index")
    if file_of(registry_in_use(settings, place)) is None:
        body["out_of_reach"].append("postgres-log")
    return ErasureReceipt(complete=bool(body["complete"]), lines=tuple(receipt_lines(body)), body=body)


def _prepare(archive: Archive, settings: Settings, athlete: str, *, with_devices: bool) -> _Work:
    named = _named(archive, athlete, with_devices=with_devices)
    place, who, people = Place.at(settings.data_dir), named.people[0], named.people
    plan = _plan(archive, who)
    recorded = [s.header.sid for one in people for s in archive.recorded.sessions(one)]
    sids = {*plan.sids, *(sid for sid in recorded if sid not in plan.given), *plan.parts}
    sids |= _with_outbox(place, settings, lambda outbox: outbox.sids_of(people), set())
    named = replace(named, sids=tuple(sorted(sids - plan.stands.keys())))

    def owner(sid: str) -> str | None:
        """Whose a session is that the person gave away, now or in a call that was stopped; None of their own."""
        known = archive.recorded.session(sid)
        kept_by = plan.stands.get(sid) or (known.header.athlete if known is not None else who)
        return None if kept_by in people or sid in named.sids else kept_by

    files = their_files(place, people, (*people, *named.sids), owner=owner, shared=plan.shared)
    named = replace(named, sids=tuple(sorted({*named.sids, *files.sids})))
    return _Work(who, named, plan, files)


def _named(archive: Archive, athlete: str, *, with_devices: bool) -> Named:
    """Return what names a person, without their sessions; their pseudonym of today is the first."""
    try:
        person = archive.registry.persons.kept(athlete)
    except RegistryError:
        if not _was_here(archive, athlete):
            raise
        return Named((athlete,))
    name = person.athlete.display_name
    return Named(
        people=(person.athlete.id, *person.former),
        spoken=(name, *({key_of(name)} - {name})),
        addresses=tuple(device.address for device in person.devices) if with_devices else (),
        others=_said_of_others(archive.registry, person.athlete.id),
    )


def _was_here(archive: Archive, pseudonym: str) -> bool:
    """Whether somebody whom the registry does not know was erased before, or came from an edge of their own."""
    stored = archive.recorded.sessions(pseudonym) or archive.recorded.findings(pseudonym)
    return pseudonym in archive.registry.erasing.erasures() or bool(stored)


def _said_of_others(registry: Registry, who: str) -> tuple[str, ...]:
    """Names that are not this person's."""
    people = [a.display_name for a in registry.athletes() if a.id != who]
    shoes = [shoe.name for a in registry.athletes() if a.id != who for shoe in registry.shoes.all(a.id)]
    return (*people, *shoes, *(d.name for d in registry.devices() if d.athlete != who))


def _plan(archive: Archive, who: str) -> Plan:
    kept = archive.store
    now = kept.journal.now()
    own = {
        other: own_history(kept, other, [shoe.id for shoe in archive.registry.shoes.all(other)])
        for other in sorted(now.group(who) - {who})
        if other in now.people
    }
    plan = plan_of(who, kept.folded(who), now, own)
    lines = [line for other in own for line in kept.journal.diary(other)]
    told = {line.id: less for line in lines if (less := without_sessions(line, plan.sids)) != line}
    return replace(plan, entries={**plan.entries, **told})


def _count(work: _Work, archive: Archive) -> None:
    now = archive.store.journal.now()
    work.counts = {
        "sessions": len(set(work.named.sids) - work.plan.parts),
        "sessions_given_on": len(work.plan.stands),
        "findings": len(archive.recorded.findings(work.who)),
        "journal_entries": sum(work.who in {e.athlete, e.other} for e in now.entries)
        + len(archive.store.journal.diary(work.who)),
        "recordings": len(work.files.delete),
        "recordings_given_on": len(work.files.give),
        "devices": len([d for d in archive.registry.devices() if d.athlete == work.who]),
    }


def _erase(
    work: _Work,
    archive: Archive,
    place: Place,
    settings: Settings,
    *,
    with_devices: bool,
    on_step: Callable[[str], None],
) -> None:
    erasing = archive.registry.erasing
    on_step("begin")
    erasing.begin(work.named.people)
    # files first: which recordings are of two people is only to be seen before these are made two people's sessions
    on_step("files")
    work.counts["outbox_rows"] = _with_outbox(place, settings, lambda outbox: outbox.erase(work.named.ids), 0)
    work.counts["log_lines"] = leave_out_of_log(place, work.named.ids)
    erase_files(work.files)
    on_step("others")
    _settle_others(work, archive)
    on_step("store")
    sids = (*work.named.sids, *work.files.file_sids)
    work.counts["store_rows"] = archive.store.erase(work.who, sids)
    on_step("broker")
    _clear_broker(work, place, settings)
    on_step("registry")
    erasing.finish(work.who, others=work.plan.entries, with_devices=with_devices)
    for former in work.named.people[1:]:
        erasing.finish(former)
    archive.store.journal.forget()
    on_step("search")
    _search(work, archive, place, sids)
    _clear_broker(work, place, settings)


def _settle_others(work: _Work, archive: Archive) -> None:
    """Store what is somebody else's now under them, as it stands, and what was given to the person under the person."""
    plan, kept, recorded = work.plan, archive.store, archive.recorded
    stands: list[tuple[SessionSummary, StepTable, list[GapFound], list[SessionPaused], MinuteTable | None]] = []
    for sid in plan.stands:
        summary = kept.session(sid)
        if summary is not None:
            minutes = kept.minutes(sid) if kept.pruned(sid) else None
            stands.append((summary, kept.steps(sid), kept.gaps(sid), kept.pauses(sid), minutes))
    for sid in plan.taken:
        recorded.hand_over(sid, work.who)
    for sid, other in plan.given.items():
        recorded.hand_over(sid, other)
    for summary, steps, gaps, pauses, minutes in stands:
        if recorded.session(summary.header.sid) != summary:
            recorded.restore(summary, steps, gaps, pauses, minutes=minutes)


def _with_outbox(place: Place, settings: Settings, ask: Callable[[Outbox], T], otherwise: T) -> T:
    """Ask this folder's outbox; a folder that never had an edge has none."""
    if not place.outbox.exists():
        return otherwise
    with closing(Outbox(place.outbox, Topics(settings.site))) as outbox:
        return ask(outbox)


def _hub_runs(place: Place) -> bool:
    try:
        place.lock_for_hub().close()
    except ConfigError:
        return True
    return False


def _clear_broker(work: _Work, place: Place, settings: Settings) -> None:
    """Clear what the broker keeps; without a hub the embedded one does not run, and it keeps nothing on disk."""
    runs, before = _hub_runs(place), work.searched.get("broker", Found())
    if not settings.mqtt.get_secret_value() and not runs:
        work.searched["broker"] = Found(not_searched="no-broker")
        return
    within_s = HUB_NOTICES_WITHIN_S if runs else 2.0
    filters = (f"{Topics(settings.site).base}/#", "homeassistant/#")
    try:
        cleared, found = clear_retained(broker_url(settings, place, "hub"), filters, work.named, within_s=within_s)
    except BrokerError as error:
        work.searched["broker"] = Found(before.n_searched, 1, [str(error)], str(error))
        return
    work.counts["retained_topics"] = work.counts.get("retained_topics", 0) + cleared
    work.searched["broker"] = found


def _search(work: _Work, archive: Archive, place: Place, sids: tuple[str, ...]) -> None:
    for _ in range(ROUNDS):
        work.searched["store"] = search_store(archive.recorded, work.named)
        if not work.searched["store"].n_found:
            break
        archive.recorded.erase(work.who, sids)
    work.searched["registry"] = search_registry(archive.registry, work.named)
    work.searched["files"] = search_files(place.root, work.named)


def _body(work: _Work, begun_utc: datetime, *, dry_run: bool, with_devices: bool) -> dict[str, Any]:
    searched = {place: found.answer() for place, found in sorted(work.searched.items())}
    return {
        "receipt": 1,
        "program": f"sensor-hub {__version__}",
        "athlete_sha256": hashlib.sha256(work.who.encode()).hexdigest(),
        "begun_utc": begun_utc.isoformat(timespec="seconds"),
        "ended_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "dry_run": dry_run,
        "complete": not dry_run and not any(found.n_found for found in work.searched.values()),
        "erased": work.counts,
        "devices_stay": not with_devices,
        "searched_for_name": work.named.searches_name,
        "searched": searched,
        "out_of_reach": list(OUT_OF_REACH),
    }


__all__ = ["erase_athlete"]
