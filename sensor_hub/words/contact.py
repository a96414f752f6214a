"""How far a contact time can be believed, in plain words."""

from sensor_hub.words.translation import translate as _


def contact_bias_text(bias_s: float | None, *, mount: str | None, calibrated: bool) -> str:
    """How far a session's mean contact time may be off.

    Parameters
    ----------
    bias_s
        What the method or the calibration states; None where the sensor's maker finds the contacts, or the
        calibration's reference has none.
    mount
        Where the sensor sits: at the sacrum the stated bound comes from one runner, and does not hold for others.
    calibrated
        Whether the runner's own calibration was used.
    """
    if bias_s is None:
        unknown = _("how far from a force plate's is unknown")
        return _("calibrated; {unknown}").format(unknown=unknown) if calibrated else unknown
    ms = f"{bias_s * 1000:.0f}"
    if calibrated:
        return _("calibrated; may still be off by {ms} ms").format(ms=ms)
    if mount == "sacrum":
        return _("fitted on one runner; for others it may be off by tens of ms")
    return _("may be off by {ms} ms or more; rests on other people's studies").format(ms=ms)
