"""Tables of docs/for-sports-scientists.md, made from the code: ``python -m tests.docs_tables`` writes them anew."""

import re
from collections.abc import Sequence
from pathlib import Path

from sensor_hub.load import achilles, modifiers, tendon, uncertainty, vgrf
from sensor_hub.load.modifiers import MODIFIERS

PAPER = Path(__file__).parents[1] / "docs" / "for-sports-scientists.md"


def percent(fraction: float) -> str:
    return f"{100 * fraction:g} %"


def ms(seconds: float) -> str:
    return f"{1000 * seconds:g} ms"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines).replace("| --- ", "|---").replace("---|", "---|")


def of_modifiers() -> str:
    return table(
        ["influence", "what it does", "evidence", "source"],
        [[m.name, m.effect, m.evidence, m.source] for m in MODIFIERS],
    )


def of_constants() -> str:
    rearfoot, midfoot, forefoot, walk = tendon.REARFOOT, tendon.MIDFOOT, tendon.FOREFOOT, tendon.WALK
    curves = {"rearfoot": rearfoot, "midfoot": midfoot, "forefoot": forefoot, "walking": walk}
    rows = [
        ["tendon's lever r", f"{tendon.TENDON_LEVER_M:g} m", "Baxter et al. 2021; 0.04-0.06 m is the prior"],
        ["ball of the foot", f"{tendon.BALL_M:g} m ahead of the ankle", "ours, with the start it sets the level"],
        [
            "start of the centre of pressure",
            ", ".join(f"{name} {c.start_m:g} m" for name, c in curves.items()),
            "effective; from Almonroeder et al. 2013 and the order in J Sports Sci Med 2025",
        ],
        [
            "its approach to the ball",
            f"{tendon.APPROACH:g} of contact",
            "set to 5.1 BW at 3.33 m/s (Fukuchi et al. 2017)",
        ],
        [
            "gain(strike)",
            ", ".join(f"{name} {c.lever:.3f}" for name, c in curves.items()),
            "from the curve above",
        ],
        [
            "peak_over_mean(strike)",
            ", ".join(f"{name} {c.peak_over_mean:.3f}" for name, c in curves.items()),
            "from the curve above",
        ],
        [
            "exponent of the mean force",
            f"{modifiers.MEAN_FORCE_EXPONENT:g}",
            "six ratios of Van Hooren et al. 2024 (free: 0.52)",
        ],
        ["slope", f"{modifiers.GRADE_PER_RAD:.2f} a radian", "four ratios of Van Hooren et al. 2024"],
        ["treadmill", f"x {modifiers.TREADMILL:g}, running only", "Willy et al. 2016"],
        [
            "k",
            f"{vgrf.PEAK_FACTOR:g} at {vgrf.PEAK_FACTOR_SPEED_MPS:g} m/s, {vgrf.PEAK_FACTOR_PER_MPS:+g} a m/s",
            "44 means of 19 runners (Alcantara et al.) and four trials of one",
        ],
        [
            "contact times taken",
            f"{achilles.SHORTEST_CONTACT_S:g}-{achilles.LONGEST_CONTACT_S:g} s",
            "ours: others say nothing, and no guess replaces them",
        ],
    ]
    return table(["constant", "value", "source"], rows)


def of_bands() -> str:
    day = uncertainty.DAY_CONTACT_SD_S
    rows = [
        [
            "any force, as an absolute value: a band, no deviation",
            f"±{percent(uncertainty.ABSOLUTE_BAND)}",
            "ours: levers of 4-6 cm and the foot",
        ],
        ["contact time of a step, source silent", ms(uncertainty.UNSAID_CONTACT_SD_S), "steps vary by 4-10 ms"],
        [
            "contact time predicted from speed and cadence",
            ms(uncertainty.PREDICTED_CONTACT_SD_S),
            "19 runners: 9.8 ms left out in turn, as shipped 11.3 with its bias",
        ],
        [
            "contact time of a maker, beside a plate",
            ms(uncertainty.MAKER_CONTACT_SD_S),
            "ours: devices are told to differ by up to 50 ms",
        ],
        [
            "a session's contact time: how the sensor sits that day",
            ", ".join(f"{tier} {ms(sd)}" for tier, sd in day.items()),
            "ours, not measured",
        ],
        ["a step's load: what its timing does not show", percent(uncertainty.STEP_MODEL_SD), "ours"],
        [
            "a step's slope, rise over run",
            f"told by a watch {percent(uncertainty.TOLD_SLOPE_SD)}, and {percent(uncertainty.LATE_SLOPE_SHARE)} of it "
            f"(told late); untold {percent(uncertainty.UNTOLD_SLOPE_SD)}",
            "ours, of a barometer; a receiver's errs by 2.6-4.2 % (simulated) and is not told apart",
        ],
        [
            "how much of a slope's effect on a peak is unsure",
            percent(uncertainty.SLOPE_PEAK_SHARE),
            "ours: the tables have impulses only",
        ],
        ["a session's load: the model itself", percent(uncertainty.DAY_MODEL_SD), "ours"],
        [
            "a session's load: slopes nobody told",
            percent(uncertainty.UNTOLD_GRADE_SD),
            "ours: a loop has as much down as up",
        ],
        [
            "vertical peak beside a plate, were the contact time free of bias",
            f"{percent(vgrf.PEAK_SD)}; below {vgrf.SLOW_MPS:g} m/s {percent(vgrf.PEAK_SD_SLOW)}; "
            f"beyond {percent(vgrf.STEEP)} of slope {percent(vgrf.PEAK_SD_SLOPE)}",
            "19 runners left out in turn; one runner slow and on slopes",
        ],
    ]
    return table(["one standard deviation of", "value", "on what"], rows)


TABLES = {"modifiers": of_modifiers, "constants": of_constants, "bands": of_bands}


def block(name: str) -> re.Pattern[str]:
    """What stands between the two marks of a table."""
    return re.compile(rf"(<!-- {name}:[^>]*-->\n)(.*?)(<!-- /{name} -->)", re.S)


def written(text: str) -> str:
    """The paper with every table made anew."""
    for name, make in TABLES.items():
        found = block(name).search(text)
        assert found is not None, f"the marks of {name} are gone"
        text = f"{text[: found.end(1)]}\n{make()}\n\n{text[found.start(3) :]}"
    return text


if __name__ == "__main__":
    PAPER.write_text(written(PAPER.read_text(encoding="utf-8")), encoding="utf-8")
