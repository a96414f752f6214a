"""``sensor-hub session same|distinct|offers|sources``: one run told by several sources counts once."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import Sids, Who, open_desk
from sensor_hub.cli.show import DataDir, Json, as_json, say


def same(
    sids: Sids,
    counts: Annotated[
        str | None, typer.Option("--counts", help="Which counts; without it, the order of the sources decides.")
    ] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say that sessions are the same run, recorded by several sources: one of them counts."""
    from sensor_hub.cli.chosen import distinct_of
    from sensor_hub.model.edit import Link

    with open_desk(data_dir) as desk:
        found = desk.find_all([*sids, *([] if counts is None else [counts])], athlete)
        ids = distinct_of([kept.summary.header.sid for kept in found], 2, "same")
        chosen = None if counts is None else desk.find(counts, athlete).summary.header.sid
        desk.make(desk.owner(found[0]), [Link(ids, chosen)], json=json)


def distinct(sids: Sids, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Say that sessions are different runs, whatever their times say: all of them count."""
    from sensor_hub.cli.chosen import distinct_of
    from sensor_hub.model.edit import Distinct

    with open_desk(data_dir) as desk:
        found = desk.find_all(sids, athlete)
        ids = distinct_of([kept.summary.header.sid for kept in found], 2, "distinct")
        desk.make(desk.owner(found[0]), [Distinct(ids)], json=json)


def offers(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """List sessions that are likely the same run and that nobody has answered for; until then all of them count."""
    from sensor_hub.edits.same_run import source_kind
    from sensor_hub.words.standings import offer_sentence

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        view = desk.view(person)
        names = desk.names(person, view)
    kinds = {sid: source_kind(summary) for sid, summary in names.sessions.items()}
    if json:
        as_json(
            [
                {"sids": list(o.sids), "counts": o.counts, "sentence": offer_sentence(o, names, kinds)}
                for o in view.offers
            ]
        )
        return
    if not view.offers:
        say("nothing to answer: no two sessions that count look like the same run")
    for offer in view.offers:
        say(offer_sentence(offer, names, kinds))
        say(f"  the same:  sensor-hub session same {' '.join(offer.sids)}")
        say(f"  different: sensor-hub session distinct {' '.join(offer.sids)}")


def sources(
    order: Annotated[
        str | None, typer.Argument(help="Best first: sensor,watch,log,by-hand. What is left out comes after these.")
    ] = None,
    ask: Annotated[
        bool | None, typer.Option("--ask/--no-ask", help="Ask about likely doubles, or link them unasked.")
    ] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show or set which source counts where several tell of the same run."""
    from sensor_hub.model.edit import Prefer
    from sensor_hub.words.edits import preference_sentence

    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        now = desk.view(person).preference
        if order is not None or ask is not None:
            chosen = now.order if order is None else _order(order)
            desk.make(person, [Prefer(chosen, now.ask if ask is None else ask)], json=json)
            return
    if json:
        as_json({"order": list(now.order), "ask": now.ask})
    else:
        say(preference_sentence(now))


def _order(text: str) -> Any:
    """Return all sources, those named first; BadParameter if one is none of them, or named twice."""
    from sensor_hub.model.edit import SOURCE_ORDER

    named = [word.strip().lower().replace(" ", "-") for word in text.split(",")]
    if wrong := [word for word in named if word not in SOURCE_ORDER]:
        raise typer.BadParameter(f"{wrong[0]!r} is no source; there are {', '.join(SOURCE_ORDER)}")
    if len(set(named)) < len(named):
        raise typer.BadParameter(f"{text!r} names a source twice")
    return (*named, *(kind for kind in SOURCE_ORDER if kind not in named))
