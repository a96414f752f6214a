"""How the numbers are made, in short: for the page at the foot of every page, and for whoever asks what this is for."""

from dataclasses import dataclass

from sensor_hub.words.lengths import easy_pace_text, in_miles
from sensor_hub.words.numbers import as_a_force
from sensor_hub.words.translation import translate as _


@dataclass(frozen=True, slots=True)
class AboutSection:
    """A heading and what stands under it, a sentence or two each."""

    key: str
    title: str
    lines: tuple[str, ...]


def about_title() -> str:
    """Title of the page, and text of the link to it."""
    return _("How these numbers are made")


def about_sections() -> list[AboutSection]:
    """The short form of docs/for-sports-scientists.md."""
    return [
        AboutSection(
            "what",
            _("What the numbers are"),
            (
                _(
                    "Push-off load is modelled: when a foot lands and leaves, how fast the steps follow each other, "
                    "the slope and the strike give an estimate of the force on the Achilles tendon for each step, and "
                    "these are added up. Nobody measured the tendon."
                ),
                _volume_line(),
                _(
                    "Hard push-offs are the part from steps whose force lies above the hard line: the peak that nine "
                    "of ten of your easy steps stay below, until that is learned the population's at a fast pace. "
                    "They are unsure where many steps lie close to that line: read them with their range."
                ),
                _(
                    "BW is body weight. BW·s: force in body weights times seconds; an easy kilometre is about 300 a "
                    "leg ({caveat})."
                ).format(caveat=as_a_force())
                if not in_miles()
                else _(
                    "BW is body weight. BW·s: force in body weights times seconds; an easy mile is about 480 a "
                    "leg ({caveat})."
                ).format(caveat=as_a_force()),
                _("Walking and exercises are counted apart and are never added to a run."),
            ),
        ),
        AboutSection(
            "sure",
            _("How sure they are"),
            (
                _(
                    "As a force, a value may be off by 40 % either way, the same way on every run of a person, and "
                    "methods of measuring a tendon differ by more among themselves. So each force carries the words "
                    "“{caveat}”: compare it, do not believe it."
                ).format(caveat=as_a_force()),
                _(
                    "Beside your own runs with the same sensor the range is much narrower. The two numbers after a "
                    "load hold 80 %. What taking a sensor off and putting it on again adds has not been measured; the "
                    "range contains an assumption for it."
                ),
                _(
                    "A limit counts as passed when the probability of that is 80 % or more and chance alone hardly "
                    "makes a run that high. From 50 % on, or where chance may have done it, it is too close to call."
                ),
                _(
                    "Loads from another sensor or another model are never held against each other, nor hard push-offs "
                    "above another line. After a change of sensor or model load limits learn anew for 14 days; "
                    "distance goes on."
                ),
                _("What was not recorded is unknown, never zero. Of a badly recorded run a load is “at least”."),
            ),
        ),
        AboutSection(
            "for",
            _("What they are for"),
            (
                _(
                    "For runners, their coaches and sports scientists: to hold a runner's load against that runner's "
                    "own last weeks, measured in the same way."
                ),
            ),
        ),
        AboutSection(
            "not",
            _("What this is not"),
            (
                _("It is no medical device."),
                _("It makes no diagnosis."),
                _("It makes no prediction: no study was found that links an estimated Achilles load to later injury."),
                _("It decides nothing about a return to sport."),
                _("It is no measurement of a tendon's force, and not for comparing two people or two sensors."),
            ),
        ),
        AboutSection(
            "more",
            _("More"),
            (
                _(
                    "Equations, constants with their sources, and everything that was measured, misses included: "
                    "docs/for-sports-scientists.md and validation/README.md in the program's repository."
                ),
            ),
        ),
    ]


def _volume_line() -> str:
    text = _(
        "Volume is shown in equivalent easy kilometres (eq-km): 1.0 is one flat kilometre at {pace}, "
        "the population's until your own reference has been learned. "
        "On the flat it is close to running time; slopes, treadmill and strike move it."
    )
    if in_miles():
        text = _(
            "Volume is shown in equivalent easy miles (eq-mi): 1.0 is one flat mile at {pace}, "
            "the population's until your own reference has been learned. It is the same load as 1.609 equivalent easy "
            "kilometres, which is what is stored and exported. "
            "On the flat it is close to running time; slopes, treadmill and strike move it."
        )
    return text.format(pace=easy_pace_text())
