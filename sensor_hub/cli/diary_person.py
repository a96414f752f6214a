"""``sensor-hub diary profile|episode|clearance|consent|worn-out``: what somebody says of themselves."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import Who
from sensor_hub.cli.pen import Note, On, Side, one_of, open_pen, words_of
from sensor_hub.cli.show import DataDir, Json, as_json, say


def profile(
    born: Annotated[str | None, typer.Option("--born", help="Date of birth: 1985-04-30.", show_default=False)] = None,
    running_since: Annotated[
        str | None, typer.Option("--running-since", help="A day: 2019-05-01.", show_default=False)
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option("--condition", help="metabolic, chronic, or none; may be given more than once.")
    ] = None,
    weak_calf: Annotated[
        bool | None, typer.Option("--weak-calf/--no-weak-calf", help="Whether a calf is weak.", show_default=False)
    ] = None,
    knee_to_wall_cm: Annotated[
        float | None, typer.Option("--knee-to-wall-cm", help="The ankle's test, cm.", show_default=False)
    ] = None,
    rest_h: Annotated[
        float | None, typer.Option("--rest-h", help="Least hours you want between two runs.", show_default=False)
    ] = None,
    forget: Annotated[
        list[str] | None, typer.Option("--forget", help="What to unsay, such as: born; may be given more than once.")
    ] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say what decides some rules and no sensor tells, or show what was said. All of it may stay unsaid."""
    from sensor_hub.model.diary import Condition, ProfileField, SayProfile

    words = [one_of(word, ("none", *words_of(Condition)), "condition") for word in condition or []]
    told: dict[str, Any] = {
        "conditions": tuple(word for word in dict.fromkeys(words) if word != "none") if condition else None,
        "weak_calf": weak_calf,
        "knee_to_wall_cm": knee_to_wall_cm,
        "rest_h": rest_h,
        "forget": tuple(one_of(word, words_of(ProfileField), "field") for word in forget or []),
    }
    with open_pen(athlete, data_dir) as pen:
        told["born"] = None if born is None else pen.day(born, "--born")
        told["running_since"] = None if running_since is None else pen.day(running_since, "--running-since")
        if any(value not in (None, ()) for value in told.values()) or told["conditions"] is not None:
            pen.say([SayProfile(**told)], json=json)
            return
        known = pen.guide.known(pen.person.id).profile
    _show_profile(known, json=json)


def _show_profile(known: Any, *, json: bool) -> None:
    from sensor_hub.app.guiding.answers import body_of
    from sensor_hub.words.diary import field_word

    body = body_of(known)
    if json:
        as_json(body)
        return
    for name, value in body.items():
        shown = ", ".join(value) or "none" if isinstance(value, list) else value
        say(f"{field_word(name)}: {'–' if value is None else shown}")


def episode(
    state: Annotated[str, typer.Argument(help="began or recovered.")],
    side: Side = "both",
    on: On = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say that a spell of trouble with this tendon began, or is over."""
    from sensor_hub.model.diary import PainSide, SayEpisode

    which = one_of(state, ("began", "recovered"), "state")
    leg = one_of(side, words_of(PainSide), "side")
    with open_pen(athlete, data_dir) as pen:
        pen.say([SayEpisode(pen.day(on), which, leg, note)], json=json)


def clearance(
    name: Annotated[str, typer.Argument(help="Who says so.")],
    role: Annotated[str, typer.Option("--role", help="physician or physiotherapist.")],
    on: On = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep a clinician's word that full intensity is free again. A coach gives none."""
    from sensor_hub.model.diary import SayClearance

    which = one_of(role, ("physician", "physiotherapist"), "role")
    with open_pen(athlete, data_dir) as pen:
        pen.say([SayClearance(pen.day(on), name.strip(), which)], json=json)


def consent(
    category: Annotated[str | None, typer.Argument(help="load, pain or medication.", show_default=False)] = None,
    granted: Annotated[str | None, typer.Argument(help="on or off.", show_default=False)] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Let the coach see a category, or no more; without one, show what they may see.

    It is for the page of all athletes. Load: what was run; shown there unless you say off. Pain: that it ends running.
    Medication: that a medicine does. That headroom is held back is shown without a word of why.
    """
    from sensor_hub.model.diary import Consent, ConsentCategory
    from sensor_hub.words.diary import consents_sentence

    if (category is None) != (granted is None):
        raise typer.BadParameter("say which category, and on or off")
    with open_pen(athlete, data_dir) as pen:
        if category is not None and granted is not None:
            which = one_of(category, words_of(ConsentCategory), "category")
            pen.say([Consent(which, one_of(granted, ("on", "off"), "answer") == "on")], json=json)
            return
        known = pen.guide.consents(pen.person.id)
    if json:
        as_json(sorted(known))
    else:
        say(consents_sentence(known))


def worn_out(
    shoe: Annotated[str, typer.Argument(help="Name of a pair ('shoe list' shows them).")],
    worn: Annotated[bool, typer.Option("--worn/--not-worn", help="--not-worn takes it back.")] = True,
    on: On = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say that a pair of shoes is worn out, whatever it has run."""
    from sensor_hub.model.diary import WornOut

    with open_pen(athlete, data_dir) as pen:
        pen.say([WornOut(pen.desk.shoe(pen.person, shoe), pen.day(on), worn)], json=json)  # type: ignore[arg-type]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group ``diary``."""
    begin = "Examples: sensor-hub diary "
    app.command(epilog=f"{begin}profile --born 1985-04-30   ·   sensor-hub diary profile --forget born")(profile)
    app.command(epilog=f"{begin}episode began --side L --on 2026-11-02   ·   sensor-hub diary episode recovered")(
        episode
    )
    app.command(epilog=f"{begin}clearance 'Dr Kim' --role physician")(clearance)
    app.command(
        epilog=f"{begin}consent   ·   sensor-hub diary consent pain on   ·   sensor-hub diary consent pain off"
    )(consent)
    app.command(name="worn-out", epilog=f"{begin}worn-out 'Blue pair'   ·   sensor-hub diary worn-out Blue --not-worn")(
        worn_out
    )
