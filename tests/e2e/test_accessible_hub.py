"""The hub's own pages for everybody: what test_accessible.py asks of a runner's pages, asked of all others."""

from collections.abc import Iterator

import pytest

from tests.e2e import test_accessible as of_a_runner
from tests.e2e.contexts import Contexts
from tests.e2e.every_page import WholeHub, addresses

pytestmark = pytest.mark.browser
hub = of_a_runner.hub


@pytest.fixture(scope="module", params=[at for at in addresses() if not of_a_runner.is_of_a_runner(at)], ids=str)
def opened(request: pytest.FixtureRequest, hub: WholeHub, contexts: Contexts) -> Iterator[of_a_runner.Opened]:
    with of_a_runner.opening(request.param, hub, contexts) as opened:
        yield opened


# In this order: what wants a page folded comes before what unfolds it.
test_a_keyboard_reaches_everything_sees_where_it_is_and_leaves_again = (
    of_a_runner.test_a_keyboard_reaches_everything_sees_where_it_is_and_leaves_again
)
test_forced_colours_and_reduced_motion_are_kept_to = of_a_runner.test_forced_colours_and_reduced_motion_are_kept_to
test_nothing_serious_is_found_and_everything_fits_and_can_be_hit = (
    of_a_runner.test_nothing_serious_is_found_and_everything_fits_and_can_be_hit
)
test_headings_and_landmarks_tell_how_a_page_is_made = of_a_runner.test_headings_and_landmarks_tell_how_a_page_is_made
test_twice_the_size_and_spaced_text_lose_nothing = of_a_runner.test_twice_the_size_and_spaced_text_lose_nothing
