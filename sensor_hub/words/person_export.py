"""What an export says to the person it is of."""

from sensor_hub.words.translation import translate


def export_readme(name: str, *, with_recordings: bool) -> str:
    """Return the text that lies in front of an export, for its owner."""
    held = _what_recordings_are() if with_recordings else _without_recordings()
    return "\n\n".join([_what_this_is().format(name=name), _parts(), held, _what_is_not_in_it(), _what_for()]) + "\n"


def _what_this_is() -> str:
    return translate(
        "This is everything that sensor_hub keeps of {name}.\n"
        "It holds personal data: your name, how you run, and the Bluetooth addresses of your sensors.\n"
        "Keep it where nobody else reads it, and delete it where you no longer need it."
    )


def _parts() -> str:
    return translate(
        "What is in it (every time is UTC unless it says local; an empty cell or null is unknown, never zero):\n"
        "\n"
        "sessions.csv    Your history as you see it: a line a session, after everything you changed. Opens in any\n"
        "                spreadsheet. Loads are modelled (within 40 % as a force) and good for comparing you with\n"
        "                your own past only.\n"
        "athlete.json    You: name, time zone, mass and height if you told them; your shoes; sensors bound to you;\n"
        "                calibrations; how your strides usually look; load references that were learned of you.\n"
        "journal.jsonl   What you changed, said or took back: a line each, with when and how.\n"
        "sessions.jsonl  Your sessions as they were recorded, before any change: a line each.\n"
        "steps/          The steps of each session as a table, a line a step. The columns end in their units.\n"
        "minutes/        The same a minute, of sessions whose single steps are no longer kept.\n"
        "gaps.jsonl      When a sensor was silent, and why where that is known.\n"
        "pauses.jsonl    When a watch was paused.\n"
        "findings.jsonl  What was found about your limits.\n"
        "marks.jsonl     Which files were imported already, as fingerprints.\n"
        "manifest.json   What is in this file, with a SHA-256 of each part."
    )


def _what_recordings_are() -> str:
    return translate("recordings/     What your sensors really sent, byte by byte (MCAP files).")


def _without_recordings() -> str:
    return translate("Recordings of what your sensors sent byte by byte were left out, as was asked for.")


def _what_is_not_in_it() -> str:
    return translate(
        "What is not in it: sessions that you gave to somebody else, anything about other people, messages that could\n"
        "not be understood, and files that you exported one by one."
    )


def _what_for() -> str:
    return translate(
        "'sensor-hub data import FILE' puts it back, here or on another machine. It describes load against your own\n"
        "history: training information, not medical advice."
    )
