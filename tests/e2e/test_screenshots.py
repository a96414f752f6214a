"""The list of pictures is whole."""

from sensor_hub.adapters.web.pages import PAGES
from tests.e2e.every_page import PLAIN
from tests.e2e.screenshots import LIST


def test_every_page_has_its_picture() -> None:
    pictured = [picture.page for picture in LIST]
    assert set(pictured) == {page.path for page in PAGES} | set(PLAIN)
    names = [picture.name for picture in LIST]
    assert len(names) == len(set(names))
