"""Words for sensors: what a check found, how a link is, what a sensor can give, where it is worn."""

from typing import Any

from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n
from sensor_hub.words.wearing import doubt_sentences


def side_word(side: str) -> str:
    """Left, right, or a dash."""
    return {"L": _("left"), "R": _("right")}.get(side, "–")


def gives_text(gives: str | None) -> str:
    """What a sensor can give, in a few words."""
    sentences = {
        "contact": _("contact time, from its waveform"),
        "contact-as-reported": _("contact time, as the sensor itself reports it"),
        "coarse": _("steps; too few samples a second to time a contact"),
        "cadence": _("cadence and speed; no contact time (the standard has none)"),
        "companion": _("nothing about steps: it accompanies"),
    }
    return sentences.get(gives or "", _("unknown: its firmware profile is not here"))


def finding_text(code: str, value: float | None, problem: str | None = None) -> str:
    """One sentence for what a check found; an unknown code is shown as it is. problem : of its link, in words."""
    shown = 0.0 if value is None else value
    sentences = {
        "not-heard": _("not heard: switch it on, move it, and end its link to a phone or a watch"),
        "no-data": _("linked, but it sends no readings: switch it off and on"),
        "dropped": _n(
            "its link broke or lost notifications once: keep it near, change its battery",
            "its link broke or lost notifications {n:.0f} times: keep it near, change its battery",
            shown,
        ),
        "problem": _("its link has a problem: {problem}"),
        "slow": _("{p:.0f} % of the readings it should send arrived: too far away, or too many sensors on one adapter"),
        "very-slow": _("only {p:.0f} % of the readings it should send arrived: contact times would be wrong"),
        "gaps": _n(
            "{n:.0f} gap: what happens in it is unknown", "{n:.0f} gaps: what happens in them is unknown", shown
        ),
        "doubled": _n(
            "{n:.0f} reading came twice: restart Bluetooth (sudo systemctl restart bluetooth)",
            "{n:.0f} readings came twice: restart Bluetooth (sudo systemctl restart bluetooth)",
            shown,
        ),
        "undecodable": _n(
            "{n:.0f} notification does not fit its firmware profile: choose another, or look for an update",
            "{n:.0f} notifications do not fit its firmware profile: choose another, or look for an update",
            shown,
        ),
        "some-undecodable": _n(
            "{n:.0f} notification could not be read", "{n:.0f} notifications could not be read", shown
        ),
        "battery-low": _("battery {n:.0f} %: charge it soon"),
        "battery-empty": _("battery {n:.0f} %: charge it first"),
        "gravity": _("at rest it measures {g:.2f} g instead of 1: calibrate it, or its profile has a wrong scale"),
        "gyro-drift": _(
            "its gyroscope turns at {r:.2f} rad/s at rest: lay it down still for a moment after switching on"
        ),
        "gyro-missing": _("no gyroscope: on foot or shank no contact can be found without it"),
        "clock-residual": _("its clock and the arrivals differ by {ms:.0f} ms: radio trouble"),
        "clock-reset": _n("its clock was set back once", "its clock was set back {n:.0f} times", shown),
        "turned": _(
            "its gyroscope swings the other way than before: are left and right swapped, or is it put on turned?"
        ),
        "unverified": _("its profile was written from documents and never tried on a device"),
        **doubt_sentences(),
    }
    sentence = sentences.get(code, code)
    return sentence.format(n=shown, p=100 * shown, g=shown, r=shown, ms=1000 * shown, problem=problem or _("unknown"))


def state_text(name: str, state: Any) -> str:
    """One line for how a pod's link is."""
    phases = {
        "waiting": _("waited for"),
        "connecting": _("connecting"),
        "starting": _("starting"),
        "streaming": _("streaming"),
        "stalled": _("no data"),
        "lost": _("lost"),
        "stopped": _("stopped"),
    }
    told = [phases.get(state.phase, state.phase)]
    if state.battery_percent is not None:
        told.append(_("battery {n} %").format(n=state.battery_percent))
    if state.n_reconnects:
        told.append(_n("linked again once", "linked again {n} times", state.n_reconnects).format(n=state.n_reconnects))
    if state.n_dropped:
        told.append(_n("{n} notification lost", "{n} notifications lost", state.n_dropped).format(n=state.n_dropped))
    if state.problem:
        told.append(state.problem)
    return f"{name}: {', '.join(told)}"
