"""Which of the sessions that were just imported are the same run as another one: told, counted, or to be answered."""

from collections.abc import Sequence
from dataclasses import replace

from sensor_hub.app.importing.imported import Imported
from sensor_hub.app.importing.overlaps import counted_twice
from sensor_hub.app.people import Archive
from sensor_hub.model.history import Offer
from sensor_hub.model.session import SessionSummary


def with_doubles(results: Sequence[Imported], archive: Archive) -> tuple[list[Imported], tuple[Offer, ...]]:
    """Say of new sessions which are the same run as another that counts, and which are likely to be.

    The same run counts once by itself where two files tell the same start, time and distance, and it may be the earlier
    one that counts no longer. What only overlaps counts until somebody answers. Of two that came in one call, the
    second is told of the first.
    """
    done, offers = list(results), list[Offer]()
    for athlete in {r.summary.header.athlete for r in results if r.new and r.summary is not None}:
        mine = [i for i, r in enumerate(results) if r.new and r.summary and r.summary.header.athlete == athlete]
        fresh = {str(results[i].sid): i for i in mine}
        view = archive.keeping.history(athlete)
        for kept in view.sessions:
            i = fresh.get(kept.summary.header.sid, -1)
            if kept.standing != "same-run":
                continue
            if i >= 0:
                done[i] = replace(done[i], doubled=f"the same run as {kept.instead}, which counts")
            elif kept.instead in fresh:
                done[fresh[kept.instead]] = replace(done[fresh[kept.instead]], replaces=kept.summary.header.sid)
        asked = [offer for offer in view.offers if not fresh.keys().isdisjoint(offer.sids)]
        offers += asked
        by_sid = {kept.summary.header.sid: kept.summary for kept in view.sessions}
        for offer in asked:
            _tell(offer, by_sid, fresh, done)
    return done, tuple(offers)


def _tell(offer: Offer, by_sid: dict[str, SessionSummary], fresh: dict[str, int], done: list[Imported]) -> None:
    """Say of each new session which earlier ones it overlaps."""
    earlier = sorted(offer.sids, key=lambda sid: fresh.get(sid, -1))
    for place, sid in enumerate(earlier):
        if sid in fresh and sid in by_sid:
            i = fresh[sid]
            before = sorted((by_sid[other] for other in earlier[:place] if other in by_sid), key=_by_start)
            where = "session" if done[i].line is None else f"line {done[i].line}"
            done[i] = replace(done[i], faults=(*done[i].faults, *counted_twice(by_sid[sid], before, where)))


def _by_start(session: SessionSummary) -> tuple[object, str]:
    return session.start_utc, session.header.sid
