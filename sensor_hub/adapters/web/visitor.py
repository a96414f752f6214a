"""Who looks at a page: their links in its bar, and the end of the page when what they may see changes."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from nicegui import Client, ui
from starlette.requests import Request

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.asking import SIGN_IN, own_path
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.rights import RIGHTS, Rights
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import HUB_ACTIONS, PERSON_ACTIONS, Asker

WATCH_S: Final = 2.0
_SIGN_OUT: Final = """
async () => {
  await fetch('/sign-out', {method: 'POST', headers: {'X-Sensor-Hub': '1'}});
  location.assign('/sign-in');
}
"""


def visitor() -> Rights | None:
    """Return the rights of who looks at the page that is being built."""
    found: Rights | None = ui.context.client.request.scope.get(RIGHTS)
    return found


def visitor_nav() -> None:
    """Put their links into the element that is open; none without an account."""
    rights = visitor()
    account = None if rights is None else rights.account
    if rights is None or account is None:
        return
    with Tag("nav", classes="visitor", aria_label=labels.own_account(), data_testid="visitor"):
        Tag("span", labels.signed_in_as(account.name, labels.role_word(account.role)), "muted")
        if rights.may("own-account"):
            Tag("a", labels.own_account(), href="/account")
        if rights.may("manage-accounts"):
            Tag("a", labels.accounts(), href="/accounts")
        button = Tag("button", labels.sign_out(), "button small", type="button", data_testid="sign-out")
        button.on("click", js_handler=_SIGN_OUT)


class Watch:
    """Looks every two seconds whether who looks at a page still may see the same; if not, nothing of it is left.

    athlete : whom the page is about, None where it is about nobody.
    """

    def __init__(
        self, request: Request, rights: Rights, athlete: str | None, again: Callable[[str, str], None]
    ) -> None:
        self._client: Client = ui.context.client
        path = own_path(quote(request.url.path, safe="/"))
        self._path, self._rights, self._athlete, self._again = path, rights, athlete, again
        self._first = self._now()
        with self._client.content:
            self._timer = ui.timer(WATCH_S, self._look)

    def _now(self) -> tuple[Asker, tuple[bool, ...]]:
        rights, athlete = self._rights, self._athlete
        allowed = [rights.may(action) for action in HUB_ACTIONS]
        if athlete is not None:
            allowed += [rights.may(action, athlete=athlete) for action in PERSON_ACTIONS]
        return rights.asker(), tuple(allowed)

    def _look(self) -> None:
        try:
            if self._now() == self._first:
                return
        except SensorHubError:  # the accounts cannot be read just now; every write asks for itself
            return
        nobody = self._rights.asker().kind == "nobody"
        link = f"{SIGN_IN}?next={self._path}" if nobody else self._path
        self._timer.deactivate()
        self._client.content.clear()
        with self._client.content:
            self._again(link, labels.sign_in() if nobody else labels.to_the_hub())
