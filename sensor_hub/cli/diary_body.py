"""``sensor-hub diary pain|symptoms|cross|care|medicine|sleep``: what a body says, and what was done for it."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import Who
from sensor_hub.cli.pen import At, Level, Note, On, Side, maybe_one_of, one_of, open_pen, words_of
from sensor_hub.cli.show import DataDir, Json

From = Annotated[str | None, typer.Option("--from", help="First local day; today, if not given.", show_default=False)]
To = Annotated[
    str | None, typer.Option("--to", help="Last local day; without it, the first alone.", show_default=False)
]


def pain(
    level: Annotated[float, typer.Argument(min=0, max=10, help="0 is none, 10 the worst there is; steps of 0.5.")],
    when: Annotated[
        str, typer.Option("--when", help="before, during, after, evening, morning, day-after or exercise.")
    ] = "morning",
    side: Side = "both",
    site: Annotated[
        str, typer.Option("--site", help="mid-portion, insertion, above, elsewhere or unknown.")
    ] = "unknown",
    stiffness: Annotated[bool, typer.Option("--stiffness", help="It is stiffness, not pain.")] = False,
    sid: Annotated[
        str | None,
        typer.Option("--sid", help="The run it is about: an id, its beginning, or: last.", show_default=False),
    ] = None,
    warming: Annotated[
        str | None, typer.Option("--warming", help="Of a run: gone in the first-km, while warm-up, or no.")
    ] = None,
    onset: Annotated[
        float | None, typer.Option("--onset", min=0, help="Minutes after the run that it set in.", show_default=False)
    ] = None,
    tapering: Annotated[
        bool | None, typer.Option("--tapering/--not-tapering", help="Whether it becomes less.", show_default=False)
    ] = None,
    on: On = None,
    at: At = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say how much it hurts, or how stiff it is. 0 says that it does not; what is not said stays unknown."""
    from sensor_hub.model.diary import PainSide, PainSite, PainTime, SayPain, Warming

    moment = one_of(when, words_of(PainTime), "time for --when")
    chosen: dict[str, Any] = {
        "side": one_of(side, words_of(PainSide), "side"),
        "site": one_of(site, words_of(PainSite), "site"),
        "warming": maybe_one_of(warming, words_of(Warming), "answer to --warming"),
        "quality": "stiffness" if stiffness else "pain",
    }
    with open_pen(athlete, data_dir) as pen:
        kept = pen.session(sid)
        whole = None if kept is None else kept.summary.header.sid
        at_utc = pen.moment(on, at, when)
        more: dict[str, Any] = {"sid": whole, "onset_min": onset, "tapering": tapering, "note": note}
        pen.say([SayPain(at_utc, moment, level, **chosen, **more)], json=json)


def symptoms(
    present: Annotated[
        list[str] | None, typer.Argument(help="What you notice, such as: pop, swelling.", show_default=False)
    ] = None,
    absent: Annotated[
        list[str] | None, typer.Option("--absent", help="Looked for, and not there; may be given more than once.")
    ] = None,
    side: Side = "both",
    tender_cm: Annotated[
        float | None,
        typer.Option("--tender-cm", help="How far above the heel bone the most tender point is.", show_default=False),
    ] = None,
    on: On = None,
    at: At = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say what you notice, and what you looked for and do not. About the rest nothing is said.

    Emergencies: sudden-severe-pain, pop, cannot-bear-weight, cannot-walk, cannot-rise-on-toes,
    severe-bruising-swelling. Others: swelling, thickening, redness, tenderness, weak-push-off, pain-pulling-foot-up,
    stiff-ankle, pain-after-sitting, pain-when-jumping, pain-walking.
    """
    from sensor_hub.model.diary import PainSide, SaySymptoms, Symptom

    known = words_of(Symptom)
    there: Any = tuple(one_of(word, known, "symptom") for word in present or [])
    not_there: Any = tuple(one_of(word, known, "symptom") for word in absent or [])
    which = one_of(side, words_of(PainSide), "side")
    with open_pen(athlete, data_dir) as pen:
        pen.say([SaySymptoms(pen.moment(on, at), there, not_there, which, tender_cm, note)], json=json)


def cross(
    sport: Annotated[str, typer.Argument(help="cycling, swimming, rowing, walking or other.")],
    minutes: Annotated[float, typer.Argument(min=0.1, max=1440, help="How long, min.")],
    pain: Level = None,
    on: On = None,
    at: At = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep another sport. Cycling, swimming and rowing count as no running load; of others the load is unknown."""
    from sensor_hub.model.diary import CrossSport, SayCrossTraining

    which = one_of(sport, words_of(CrossSport), "sport")
    with open_pen(athlete, data_dir) as pen:
        pen.say([SayCrossTraining(pen.moment(on, at), which, minutes * 60, pain, note)], json=json)


def care(
    kind: Annotated[
        str,
        typer.Argument(
            help="ice, heat, tape, foam-roll, massage, compression, warm-up, orthotic, heel-lift or higher-drop."
        ),
    ],
    from_: From = None,
    to: To = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep what you did or wore for comfort. It changes no load."""
    from sensor_hub.model.diary import CareKind, SayCare

    which = one_of(kind, words_of(CareKind), "kind of care")
    with open_pen(athlete, data_dir) as pen:
        last = None if to is None else pen.day(to, "--to")
        pen.say([SayCare(which, pen.day(from_, "--from"), last, note)], json=json)


def medicine(
    kind: Annotated[str, typer.Argument(help="nsaid, fluoroquinolone, steroid-injection or other.")],
    from_: From = None,
    to: To = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep a medicine you take or took."""
    from sensor_hub.model.diary import MedicineKind, SayMedicine

    which = one_of(kind, words_of(MedicineKind), "medicine")
    with open_pen(athlete, data_dir) as pen:
        last = None if to is None else pen.day(to, "--to")
        pen.say([SayMedicine(which, pen.day(from_, "--from"), last, note)], json=json)


def sleep(
    hours: Annotated[float | None, typer.Argument(min=0, max=24, help="Of sleep.", show_default=False)] = None,
    ate_well: Annotated[
        bool | None, typer.Option("--ate-well/--ate-badly", help="How you ate that day.", show_default=False)
    ] = None,
    on: On = None,
    note: Note = "",
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep how a night and a day's food were. Both are shown, and no rule looks at them."""
    from sensor_hub.model.diary import SaySleep

    with open_pen(athlete, data_dir) as pen:
        pen.say([SaySleep(pen.day(on), hours, ate_well, note)], json=json)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group ``diary``."""
    begin = "Examples: sensor-hub diary "
    app.command(epilog=f"{begin}pain 4 --when morning --side L   ·   sensor-hub diary pain 2 --when during --sid last")(
        pain
    )
    app.command(epilog=f"{begin}symptoms swelling --side L   ·   sensor-hub diary symptoms --absent pop")(symptoms)
    app.command(epilog=f"{begin}cross cycling 45   ·   sensor-hub diary cross walking 30 --pain 0 --on yesterday")(
        cross
    )
    app.command(epilog=f"{begin}care ice   ·   sensor-hub diary care heel-lift --from 2026-11-01 --to 2026-12-01")(care)
    app.command(epilog=f"{begin}medicine nsaid --from 2026-11-18 --to 2026-11-20")(medicine)
    app.command(epilog=f"{begin}sleep 7.5 --ate-well   ·   sensor-hub diary sleep 5 --on yesterday")(sleep)
