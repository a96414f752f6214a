"""What an erasure did, what was searched, and what it cannot reach: the sentences of its receipt."""

from collections.abc import Mapping
from typing import Any

from sensor_hub.words.translation import translate as _


def receipt_lines(body: Mapping[str, Any]) -> list[str]:
    """Return a receipt for a person, a sentence a line."""
    lines = [
        _("Would be erased, with all that the registry has of them:")
        if body["dry_run"]
        else _("Erased, with all that the registry had of them:")
    ]
    lines += [f"  {_counted(name, n)}" for name, n in body["erased"].items() if n]
    if len(lines) == 1:
        lines.append("  " + _("no session, no entry, no file"))
    if body["erased"].get("devices") and body["devices_stay"]:
        lines.append(_("Their sensors stay paired, as nobody's (--devices forgets them and their addresses too)."))
    if body["dry_run"]:
        return lines
    lines += [line for place, found in body["searched"].items() for line in _searched(place, found)]
    if not body["searched_for_name"]:
        lines.append(_("Files were searched for ids; the name is too short, or others have it in theirs."))
    lines.append(_("Out of reach of this program:"))
    lines += [f"  {reach_phrases().get(key, key)}" for key in body["out_of_reach"]]
    return [*lines, _ending(body)]


def _ending(body: Mapping[str, Any]) -> str:
    if body["complete"]:
        return _("Nothing of them was found.")
    left = [place for place, found in body["searched"].items() if found["found"]]
    if left == ["broker"] and body["searched"]["broker"].get("not_searched"):
        return _("The broker may still keep something of them: call this again when it can be asked.")
    return _("Something is left: call this again.")


def reach_phrases() -> dict[str, str]:
    """Return what no erasure can reach, by key."""
    return {
        "backups": _("backups, also the safety backups that a restore made beside the data folder"),
        "exports": _("files that were exported or imported, wherever they lie"),
        "other-machines": _("gateways and hubs on other machines: erase there too"),
        "queued": _("messages that a broker still holds for a program that is away; a hub drops them when they come"),
        "influx-index": _(
            "InfluxDB: it may list ids of series that are gone until it is restarted, and its files keep their bytes "
            "until it compacts them"
        ),
        "postgres-log": _(
            "PostgreSQL: its tables' files were written anew; its log of changes (WAL), replicas and dumps keep what "
            "they have until they are overwritten"
        ),
        "disk-blocks": _("blocks of the disk that had the deleted files, until they are used again"),
    }


def _counted(name: str, n: int) -> str:
    phrases = {
        "sessions": _("sessions: {n}"),
        "sessions_given_on": _("sessions that are somebody else's now, and stay with them: {n}"),
        "findings": _("findings: {n}"),
        "journal_entries": _("entries of the journal: {n}"),
        "recordings": _("recordings: {n}"),
        "recordings_given_on": _("recordings that stay with whom their session was given to: {n}"),
        "devices": _("sensors bound to them: {n}"),
        "store_rows": _("rows of the store: {n}"),
        "outbox_rows": _("rows of the outbox: {n}"),
        "log_lines": _("lines of the log of recomputed sessions: {n}"),
        "retained_topics": _("topics that the broker kept: {n}"),
    }
    return phrases.get(name, f"{name}: {{n}}").format(n=n)


def _searched(place: str, found: Mapping[str, Any]) -> list[str]:
    where = {
        "broker": _("the broker"), "files": _("the files of the data folder"), "registry": _("the registry"),
        "store": _("the store"),
    }.get(place, place)  # fmt: skip
    reason = found.get("not_searched")
    if reason == "no-broker":
        return [_("No broker runs, and the hub's own keeps nothing on disk.")]
    if reason and place == "broker":
        return [_("The broker was not searched: {reason}").format(reason=reason)]
    told = _what_was_read(place, found)
    lines = [_("Searched {where}: {told}; nothing of them there.").format(where=where, told=told)]
    if found["found"]:
        left = ", ".join(found["where"])
        lines = [
            _("Searched {where}: {told}; {n} left: {left}").format(where=where, told=told, n=found["found"], left=left)
        ]
    if reason and not found["found"]:
        lines.append(_("Not searched there: {reason}").format(reason=reason))
    return lines


def _what_was_read(place: str, found: Mapping[str, Any]) -> str:
    """What a search went through, so that a place with nothing in it does not read like one nobody looked at."""
    n, n_tables = found["searched"], found.get("tables", 0)
    phrases = {
        "broker": _("retained topics: {n}"),
        "files": _("files: {n}"),
        "registry": _("tables: {n_tables}, rows in them: {n}"),
        "store": _("tables: {n_tables}, different texts in them: {n}"),
    }
    if not n:
        phrases |= {"broker": _("it keeps no topic"), "store": _("tables: {n_tables}, no text is left in any of them")}
    if place == "store" and not n_tables:
        return _("it has no table any more")
    return phrases.get(place, "{n}").format(n=n, n_tables=n_tables)
