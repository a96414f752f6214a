"""What became of each session after the edits, what is asked about a history, and what an edit did to findings."""

from collections.abc import Iterable, Mapping

from sensor_hub.model.edit import SourceKind
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan, KeptSession, Offer, OpenDays, SameRunBecause, Standing
from sensor_hub.words.days import days_text, time_text
from sensor_hub.words.edits import Names, mark_word, session_name
from sensor_hub.words.sessions import BY_HAND, session_amount, session_moment, source_word
from sensor_hub.words.translation import translate as _


def standing_word(standing: Standing) -> str:
    """Whether a session counts, in a word or two."""
    return {
        "counts": _("counts"),
        "same-run": _("same run"),
        "merged": _("part of another"),
        "deleted": _("deleted"),
    }[standing]


def because_text(because: SameRunBecause) -> str:
    """Why sessions are taken for the same run."""
    return {
        "said": _("somebody said so"),
        "two-edges": _("two gateways heard it live"),
        "same-numbers": _("the same start, time and distance"),
        "preference": _("they overlap, and likely ones are linked without asking"),
    }[because]


def standing_sentence(kept: KeptSession, names: Names) -> str:
    """Why a session counts or does not; empty where it simply counts."""
    other = None if kept.instead is None else session_name(kept.instead, names)
    why = "" if kept.because is None else because_text(kept.because)
    if kept.standing == "deleted":
        return _("Deleted: it counts nowhere.")
    if kept.standing == "merged":
        return _("Part of {session}.").format(session=other or _("another session"))
    if kept.standing == "same-run":
        text = _("The same run as {session}, which counts in its place ({why}).")
        return text.format(session=other or _("another session"), why=why or _("not said why"))
    return _("Counts for the same run from another source ({why}).").format(why=why) if why else ""


def made_of(kept: KeptSession, names: Names) -> list[str]:
    """The recorded parts that a session is made of, a line each; none where it is simply as it was recorded."""
    if kept.summary.source == BY_HAND:
        return [_("Put in by hand: nothing was recorded.")]
    untouched = [p for p in kept.pieces if p.sid == kept.summary.header.sid and p.from_utc is None and p.to_utc is None]
    if len(kept.pieces) == 1 and untouched:
        return []
    lines = []
    for piece in kept.pieces:
        first = _("its start") if piece.from_utc is None else time_text(piece.from_utc, names.zone)
        last = _("its end") if piece.to_utc is None else time_text(piece.to_utc, names.zone)
        lines.append(
            _("{session}, from {first} to {last}").format(
                session=session_name(piece.sid, names), first=first, last=last
            )
        )
    return lines


def offer_sentence(offer: Offer, names: Names, kinds: Mapping[str, SourceKind]) -> str:
    """Ask whether some sessions are one run. kinds : where each comes from, by id."""
    told = []
    for sid in offer.sids:
        summary = names.sessions.get(sid)
        source = source_word(kinds[sid]) if sid in kinds else ""
        what = sid if summary is None else f"{session_moment(summary, names.zone)}, {session_amount(summary)}"
        told.append(f"{source} {what}".strip())
    text = _("One run, recorded {n} times? {sessions}. If it is the same, {counts} counts.")
    return text.format(n=len(offer.sids), sessions=" · ".join(told), counts=_called(offer, names, kinds))


def _called(offer: Offer, names: Names, kinds: Mapping[str, SourceKind]) -> str:
    """What the one that would count is called: by its source where that tells it from the others."""
    kind = kinds.get(offer.counts)
    if kind is None or [kinds.get(sid) for sid in offer.sids].count(kind) > 1:
        return session_name(offer.counts, names)
    return (
        _("what comes from the {source}").format(source=source_word(kind))
        if kind != "by-hand"
        else _("what was put in by hand")
    )


def open_days_sentence(days: OpenDays) -> str:
    """Ask what days without a record were."""
    return _("{days}: no record. Rested, or not recorded?").format(days=days_text(days.first, days.last))


def day_span_sentence(span: DaySpan) -> str:
    """What days without a record were, as somebody said."""
    return _("{days}: {mark}.").format(days=days_text(span.first, span.last), mark=mark_word(span.mark))


def findings_summary(findings: Iterable[Finding], before: Mapping[str, Finding]) -> str:
    """Count what an edit did to findings: 1 new, 2 withdrawn. before : as they stood, by key."""
    counts = {"new": 0, "changed": 0, "withdrawn": 0}
    for finding in findings:
        counts[finding_change(finding, before)] += 1
    words = {"new": _("{n} new"), "changed": _("{n} changed"), "withdrawn": _("{n} withdrawn")}
    told = ", ".join(words[kind].format(n=n) for kind, n in counts.items() if n)
    return _("Findings: {told}.").format(told=told) if told else _("No finding changes.")


def scope_text(finding: Finding, names: Names) -> str:
    """Say which session a finding is about, to stand before its sentence; empty for a week's, which says so itself."""
    kind, _colon, sid = finding.scope.partition(":")
    summary = names.sessions.get(sid)
    if kind != "session" or summary is None:
        return ""
    return _("{when}: ").format(when=session_moment(summary, names.zone))


def finding_change(finding: Finding, before: Mapping[str, Finding]) -> str:
    """What an edit did to a finding: "new", "changed" or "withdrawn"."""
    if finding.withdrawn:
        return "withdrawn"
    earlier = before.get(finding.key)
    return "new" if earlier is None or earlier.withdrawn else "changed"
