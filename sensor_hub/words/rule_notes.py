"""What a rule does where its rows do not say it, what studies found, and what nobody knows of it."""

from sensor_hub.words.translation import translate as _


def does(rule_id: str) -> tuple[str, ...]:
    """What a rule does, beside what its rows ask for; empty where they say it all."""
    return {
        "session-limit": (
            _("Holds a session's distance, eq-km and hard load, each against the highest of the 30 days before it."),
            _("It speaks from 90 % of the limit on, at the limit, at 30 % and at 100 % above the highest."),
        ),
        "week-limit": (_("Holds a week's distance and eq-km against the highest of the four full weeks before it."),),
        "load-alert": (_("Repeats the alerts of the last days that stand, so that one page has everything."),),
        "planner": (
            _("Tells what each limit leaves today and this week, and lays out seven days that keep every rule."),
            _("Under a stop or worse, and under 18, there is no plan of a week."),
        ),
        "under-18": (_("Under 18 there are loads and limits only: no plan, no exercise, no planner."),),
        "pain-baseline": (
            _("A usual morning is the median of the last seven mornings that had no run on the day before."),
            _("With fewer than are needed it is unknown, and nothing moves forward on unknown."),
        ),
        "pain-over": (_("A stop stands until enough is said to be well again; silence does not end it."),),
        "verdict": (_("Red flag before refer, refer before stop, stop before a plan's stage, that before load."),),
        "profile-unknown": (_("Names in one line all that is missing, instead of one reminder for each."),),
        "load-model": (_("Force per step rises with slope and with speed, and walking lies below running."),),
    }.get(rule_id, ())


def studied(rule_id: str) -> tuple[str, ...]:
    """What studies found, with reference and n; empty where none was read."""
    return {
        "session-limit": (
            _("Frandsen 2025: 5,205 runners, 588,071 sessions; hazard ratio above the longest run of 30 days 1.64 "
              "(1.31 to 2.05) from 10 to 30 %, 1.52 (1.16 to 2.00) to 100 %, 2.28 (1.50 to 3.48) beyond."),
            _("Distance and all overuse trouble; for eq-km and hard load it is our extrapolation."),
        ),
        "week-limit": (_("Buist 2008, 532 beginners at random: 20.8 against 20.3 % injured, p = 0.90."),),
        "week-on-week": (
            _("Buist 2008, 532 beginners at random: 20.8 against 20.3 % injured, p = 0.90."),
            _("Nielsen 2014, 874 beginners: above 30 % in two weeks 1.59 (0.96 to 2.66), and not of this tendon."),
        ),
        "build-up": (
            _("Nielsen 2014, 874 beginners: above 30 % in two weeks 1.59 (0.96 to 2.66), and not of this tendon."),
        ),
        "pain-24h": (
            _("Silbernagel 2007, 38 people at random: going on with running up to 5 of 10 was not worse after a year."),
            _("The limits of 2 and 3 are a text's; they are stricter than the trial's."),
        ),
        "heel-drops": (
            _("Alfredson 1998: 15 of 15 ran again; the other group was not drawn by lot and came for surgery."),
            _("Fahlström 2003: 89 % mid-portion, 32 % at the bone, over an edge. Jonsson 2008: 67 % on the flat."),
            _("Beyer 2015: heavy slow resistance did as well after 12 and 52 weeks."),
        ),
        "exercise-phases": (
            _("Bohm 2015: what changes a tendon is how hard it is loaded, not the kind of contraction."),
        ),
        "drop-switch": _malisoux(),
        "drop-ramp": _malisoux(),
    }.get(rule_id, ())  # fmt: skip


def _malisoux() -> tuple[str, ...]:
    return (
        _("Malisoux 2016, 553 at random: no difference of drops over all; low drop 0.48 (0.23 to 0.98) in occasional "
          "and 1.67 (1.07 to 2.62) in regular runners."),
    )  # fmt: skip
