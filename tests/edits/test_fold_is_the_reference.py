"""The fold of a journal against rules written down apart from it, for any history and whatever is said of it."""

from hypothesis import given

from sensor_hub.edits.fold import fold
from sensor_hub.edits.made import Folded
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.history import Piece
from tests.edits.reference import Rules, Window
from tests.edits.strategies import PEOPLE, Story, stories

ATHLETES = {who: Athlete(who, f"Runner {who}", "Europe/Berlin") for who in PEOPLE}


def folded(story: Story) -> Folded:
    return fold([r.summary for r in story.recorded], list(story.entries), ATHLETES)


def windows(pieces: tuple[Piece, ...]) -> tuple[Window, ...]:
    return tuple(Window(piece.sid, piece.from_utc, piece.to_utc) for piece in pieces)


@given(stories())
def test_every_session_is_what_the_rules_say(story: Story) -> None:
    found, rules = folded(story), Rules(story.recorded, story.entries)
    assert found.undone == rules.undone
    assert found.idle == rules.idle
    assert set(found.sources) | set(found.made) == set(rules.sessions)
    for sid, expected in rules.sessions.items():
        made = found.of(sid)
        assert made is not None
        assert (sid, made.athlete, made.standing) == (sid, expected.athlete, expected.standing)
        assert made.instead == expected.instead
        assert windows(made.pieces) == expected.windows
        assert (found.start_utc(made), found.end_utc(made)) == rules.span(expected)
        assert (made.told.shoe, made.told.effort, made.told.note) == (expected.shoe, expected.effort, expected.note)
        assert found.ledger(made) == expected.ledger
        assert (made.surface or found.sources[made.pieces[0].sid].header.surface) == expected.surface
        assert list(made.entries) == expected.entries


@given(stories())
def test_the_order_in_which_sessions_are_read_does_not_matter(story: Story) -> None:
    forwards = folded(story)
    backwards = folded(Story(story.recorded[::-1], story.entries))
    assert forwards.made == backwards.made
    assert (forwards.idle, forwards.said, forwards.prefer) == (backwards.idle, backwards.said, backwards.prefer)
