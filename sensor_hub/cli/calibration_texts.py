"""Words for a calibration that is refused."""

from sensor_hub.words import translate as _


def refusal_text(reason: str, found: float | None, limit: float | None) -> str:
    """One sentence for why a comparison gives no calibration, and what to do; an unknown reason is shown as it is."""
    number, most = 0.0 if found is None else found, 0.0 if limit is None else limit
    sentences = {
        "too-few": _("{n:.0f} pairs are too few, {limit:.0f} are needed: compare a longer run"),
        "few-in-reference": _(
            "the reference itself has {n:.0f} whole contacts, {limit:.0f} are needed: look at its unknown samples, its "
            "zero (--offset-n) and its columns"
        ),
        "zero-differs": _(
            "the zero that was given lies {n:+.0f} N from the one the flights show, {limit:.0f} N are believable: "
            "leave --offset-n out, or give what the belt reads with nobody on it"
        ),
        "no-match": _(
            "at no lag {limit:.0f} of the two fall together: are they of the same run, and is it long enough? "
            "A pod on one foot sees half of the steps"
        ),
        "no-common-minute": _(
            "the two have no minute in common with 60 steps in each: are they of the same run, and dated rightly?"
        ),
        "other-run": _("only {percent:.0f} % of the steps have a partner: are they of the same run?"),
        "ambiguous": _(
            "it cannot be told which step of one is which of the other (evidence {n:.1f}, {limit:.1f} needed): "
            "are they of the same run? Then compare 200 steps or more of each foot that is worn"
        ),
        "drift": _(
            "the two clocks drift apart by {ppm:.0f} ppm, {limit_ppm:.0f} are believable: is a time column wrong?"
        ),
        "offset-too-large": _(
            "the offset of {ms:+.0f} ms is beyond {limit_ms:.0f} ms, which no person explains: look for a faulty "
            "sensor, a wrong mount, or another definition of contact in the reference"
        ),
        "sides-differ": _(
            "left and right differ by {ms:.0f} ms in what they need, {limit_ms:.0f} are believable: "
            "one of the two sensors is faulty, or sits badly (compare each alone with --device)"
        ),
        "residual-too-large": _(
            "the steps scatter by {ms:.0f} ms around the line, {limit_ms:.0f} are allowed: "
            "is the sensor loose, or the match wrong?"
        ),
        "slope-too-large": _(
            "the line would add {percent:+.0f} % of every change in contact time, {limit_percent:.0f} % are allowed: "
            "the sensor does not see these contacts"
        ),
    }
    if reason not in sentences:
        return reason
    return sentences[reason].format(
        n=number, limit=most, percent=100 * number, limit_percent=100 * most,
        ms=1000 * number, limit_ms=1000 * most, ppm=1e6 * number, limit_ppm=1e6 * most,
    )  # fmt: skip
