"""Why an edge did not do what it was asked, each with its mend."""

from sensor_hub.words.translation import translate as _


def edge_gone() -> str:
    """Say that an edge is not there."""
    return _(
        "This edge is not connected now. Start it on its machine (sensor-hub edge, or sensor-hub run beside the hub)"
        " and try again."
    )


def edge_takes_nothing() -> str:
    """Say that an edge is there but does not do this."""
    return _(
        "This edge takes no requests: it plays a recording, or its setting edge_commands is false, or it is an older"
        " version. Use the command line on its machine: sensor-hub devices pair."
    )


def edge_silent() -> str:
    """Say that no answer came."""
    return _(
        "This edge did not answer in time. Is its machine still on and connected? Its log says what it did; try again."
    )


def no_broker() -> str:
    """Say that the hub itself has no connection."""
    return _("The hub has no connection to its broker now, so it cannot ask any edge. Try again in a moment.")


def not_about(name: str, gw: str, athlete: str) -> str:
    """Say that a gateway's rights do not cover somebody."""
    return _(
        "The gateway {gw} may not speak for {name}, so their runs would be refused. On the hub's machine:"
        " sensor-hub mqtt athletes {gw} --athlete {athlete}"
    ).format(gw=gw, name=name, athlete=athlete)


def refusal_text(code: str, told: str = "", apart_s: float = 0.0) -> str:
    """One sentence for why an edge refused. told : the edge's own words; apart_s : its clock less the hub's."""
    sentences = {
        "busy": _("This edge is doing something else with its radio just now. Wait a moment and try again."),
        "too-old": _(
            "This edge's clock differs from the hub's by {n} s, so it takes every request for an old one. Set its"
            " clock (timedatectl) and try again."
        ),
        "not-taken": _("This edge does not do that."),
        "not-understood": _("This edge did not understand what it was asked. Are both of the same version?"),
        "bluetooth": _("Bluetooth on the edge's machine: {told}"),
        "not-heard": _(
            "The sensor was not heard any more. Move it, keep it near, end its link to a phone or a watch, and try"
            " again."
        ),
        "key-gone": _("That was heard too long ago. Listen again, then choose the sensor."),
        "no-profile": _(
            "No firmware profile fits this sensor, so nothing could read what it sends. See sensor-hub devices profiles"
            " on the edge's machine. {told}"
        ),
        "place-taken": _(
            "There is another sensor at that place already: {told}. Every step would be seen twice: choose the other"
            " side, or unpair that one first."
        ),
        "passkey": _(
            "This sensor asks for a passkey, which nobody can type here. Pair it once on the edge's machine:"
            " sensor-hub devices pair."
        ),
        "is-anothers": _(
            "It is paired here already, for somebody else or for the box. Have it unpaired there first, by whoever may."
        ),
        "unknown-sensor": _("This edge does not know that sensor any more."),
        "in-run": _("It is in a run now. Try again when the run has ended: ten minutes after the last step."),
        "not-here": _("It could not be done on the edge: {told}"),
        "failed": _("It failed on the edge; its log says how. {told}"),
    }
    sentence = sentences.get(code, sentences["failed"])
    return sentence.format(told=told, n=f"{abs(apart_s):.0f}").strip()
