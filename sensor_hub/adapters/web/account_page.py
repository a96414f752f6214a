"""One's own account: password, signed-in browsers, tokens for programs."""

from datetime import datetime
from typing import Final

from nicegui import run, ui
from starlette.types import Scope

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import keeping_labels, notify_labels
from sensor_hub.adapters.web.asking import SIGN_IN, is_private, peer_of
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, FormError, read_number, text_field, tick_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.notify_card import NotifyCard
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import Account
from sensor_hub.model.ports import Accounts, Addressees
from sensor_hub.words.days import moment_text

ZONE: Final = "UTC"  # an account has no zone of its own
POLL_S: Final = 5.0


def moment(utc: datetime) -> str:
    """A moment as the pages of accounts show it."""
    return f"{moment_text(utc.replace(second=0, microsecond=0), ZONE)} UTC"


class AccountPage:
    """Of who looks at it."""

    def __init__(
        self, accounts: Accounts | None, rights: Rights, scope: Scope, addressees: Addressees | None = None
    ) -> None:
        self._frame = Frame(labels.own_account(), back=True)
        account = rights.account
        with self._frame.body:
            if accounts is None or account is None:
                Tag("p", labels.no_account_here(), data_testid="no-account")
                if addressees is not None and rights.asker().kind == "operator":
                    NotifyCard(addressees, scope, note=notify_labels.tell_coach_note())
                return
            self._accounts, self._rights, self._account, self._scope = accounts, rights, account, scope
            Tag("p", f"{account.name}: {labels.role_text(account.role)}", "interval", data_testid="who")
            if addressees is not None and account.role == "coach":
                note = notify_labels.tell_coach_note()
                NotifyCard(addressees, scope, note=note, account=account.id)
            self._password()
            self._browsers()
            self._tokens()
            self._bar = OutcomeBar()
        self._shown: object = None
        self._show()
        ui.timer(POLL_S, self._show)

    def _own(self) -> Account:
        """Return the account as it is now; what is written needs it to be there still."""
        self._rights.demand("own-account")
        return self._account

    def _password(self) -> None:
        with Tag("section", classes="card", aria_labelledby="password-title", data_testid="password"):
            Tag("h2", labels.change_password(), id="password-title")
            with Form("password-form", self._change_password) as form:
                text_field(labels.old_password(), "old", "password", autocomplete="current-password")
                text_field(labels.new_password(), "new", "password", autocomplete="new-password")
                text_field(labels.again(), "again", "password", autocomplete="new-password")
            form.send_button(labels.change_password())

    async def _change_password(self, fields: Fields) -> bool:
        if not is_private(self._scope):
            raise FormError(labels.sent_in_the_clear())
        if fields.get("new") != fields.get("again"):
            raise FormError(labels.not_the_same())
        old, new = fields.get("old", ""), fields.get("new", "")
        peer = peer_of(self._scope)
        try:
            account = self._own().id
            await run.io_bound(self._accounts.change_own_password, account, old, new, peer=peer)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        self._bar.show(labels.password_changed(), can_undo=False)
        ui.navigate.to(SIGN_IN)  # with a new secret, which no page that is open can put into a cookie
        return True

    def _browsers(self) -> None:
        with Tag("section", classes="card", aria_labelledby="browsers-title", data_testid="browsers"):
            Tag("h2", labels.browsers(), id="browsers-title")
            self._browser_list = Tag("ul", classes="journal")

    def _tokens(self) -> None:
        with Tag("section", classes="card", aria_labelledby="tokens-title", data_testid="tokens"):
            Tag("h2", labels.tokens(), id="tokens-title")
            Tag("p", labels.tokens_note(), "muted")
            self._token_list = Tag("ul", classes="journal")
            self._made = Tag("div", classes="token-made", role="status", data_testid="token-made")
            self._made.set_visibility(False)
            with Form("token-form", self._make_token) as form:
                text_field(labels.token_name(), "name", maxlength="60")
                text_field(labels.token_days(), "days", value="365", inputmode="numeric")
                tick_field(labels.reads_only(), "reads", ticked=True)
            form.send_button(labels.make_token())

    async def _make_token(self, fields: Fields) -> bool:
        if not is_private(self._scope):
            raise FormError(labels.sent_in_the_clear())
        days = read_number(fields.get("days", ""), labels.token_days(), 3650, 1)
        try:
            made = await run.io_bound(
                self._accounts.add_token, self._own().id, fields.get("name", ""), reads_only="reads" in fields,
                days=None if days is None else int(days),
            )  # fmt: skip
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if made is not None:
            self._made.clear()
            self._made.set_visibility(True)
            with self._made:
                Tag("p", labels.token_once())
                Tag("pre", made[1], "receipt", tabindex="0", data_testid="token-secret")
            self._show()
        return True

    def _show(self) -> None:
        try:
            if not self._rights.may("own-account"):
                return
            browsers, tokens = self._accounts.sessions(self._account.id), self._accounts.tokens(self._account.id)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)
        key = ([(b.id, moment(b.seen_utc)) for b in browsers], tokens)
        if key == self._shown:
            return
        self._shown = key
        self._browser_list.clear()
        with self._browser_list:
            for browser in browsers:
                text = labels.browser_line(moment(browser.made_utc), moment(browser.seen_utc))
                self._line(text, labels.end_browser(), f"end-{browser.id}", self._accounts.end_session, browser.id)
        self._token_list.clear()
        with self._token_list:
            if not tokens:
                Tag("li", labels.no_tokens(), "muted")
            for token in tokens:
                until = labels.for_ever() if token.expires_utc is None else moment(token.expires_utc)
                used = labels.never() if token.used_utc is None else moment(token.used_utc)
                text = labels.token_line(token.name, token.reads_only, until, used)
                self._line(text, labels.remove(), f"remove-{token.id}", self._accounts.remove_token, token.id)

    def _line(self, text: str, does: str, testid: str, end: object, id_: str) -> None:
        async def act() -> None:
            try:
                await run.io_bound(end, self._own().id, id_)  # type: ignore[arg-type]
            except SensorHubError as problem:
                self._bar.show(keeping_labels.refused(str(problem)), can_undo=False, refused=True)
            self._show()

        with Tag("li", classes="entry"):
            Tag("p", text, "entry-text")
            button = Tag("button", does, "button small", type="button", data_testid=testid)
            button.on("click", act)
