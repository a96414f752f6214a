"""Everybody's accounts, for an admin: add, change, disable, remove."""

from typing import Final

from nicegui import run, ui
from starlette.types import Scope

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import keeping_labels
from sensor_hub.adapters.web.asking import is_private, peer_of
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices, Fields, Form, FormError, choice_field, text_field, tick_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import ROLES, Account, Role
from sensor_hub.model.ports import Accounts, HubView

POLL_S: Final = 5.0


class AccountsPage:
    """A card an account; made anew when one changes."""

    def __init__(self, accounts: Accounts, rights: Rights, view: HubView, scope: Scope) -> None:
        self._accounts, self._rights, self._view, self._scope = accounts, rights, view, scope
        self._shown: object = None
        self._frame = Frame(labels.accounts(), back=True)
        with self._frame.body:
            if not is_private(scope):
                Tag("p", labels.unencrypted_warning(), "trouble", role="alert", data_testid="unencrypted")
            self._list = Tag("div", classes="grid accounts", data_testid="accounts")
            with Tag("details", classes="card", data_testid="add-account"):
                Tag("summary", labels.add_account())
                with Form("add-account-form", self._add) as form:
                    text_field(labels.name(), "name", maxlength="60", autocapitalize="none")
                    self._fields(None)
                form.send_button(labels.add_account())
            self._bar = OutcomeBar()
        self._show()
        ui.timer(POLL_S, self._show)

    def _fields(self, account: Account | None) -> None:
        choices = [(role, labels.role_text(role)) for role in ROLES]
        choice_field(labels.role(), "role", choices, "runner" if account is None else account.role)
        athletes = "" if account is None else ", ".join(self._called(who) for who in account.athletes)
        text_field(labels.of_athlete(), "athletes", value=athletes, hint=labels.of_athlete_hint())
        hint = "" if account is None else labels.leave_empty()
        text_field(labels.new_password(), "password", "password", hint=hint, autocomplete="new-password")

    def _people(self) -> Choices:
        return [(tile.athlete.id, tile.athlete.display_name) for tile in self._view.tiles()]

    def _called(self, athlete: str) -> str:
        return next((name for id_, name in self._people() if id_ == athlete), athlete)

    def _athletes(self, text: str) -> list[str]:
        """Names or pseudonyms, separated by commas → pseudonyms."""
        people, found = self._people(), []
        for asked in (part.strip() for part in text.split(",")):
            if not asked:
                continue
            who = [id_ for id_, name in people if asked == id_ or asked.casefold() == name.casefold()]
            if len(who) != 1:
                raise FormError(labels.no_such_athlete(asked))
            found.append(who[0])
        return found

    async def _add(self, fields: Fields) -> bool:
        name, role = fields.get("name", ""), _role(fields)
        athletes = self._athletes(fields.get("athletes", ""))
        await self._asked(fields, lambda: self._by().add(name, role, fields.get("password", ""), athletes))
        self._bar.show(labels.saved(name), can_undo=False)
        self._show()
        return True

    async def _change(self, account: Account, fields: Fields) -> bool:
        """Tell only what is another than before: a change signs its account out."""
        role, athletes, disabled = _role(fields), self._athletes(fields.get("athletes", "")), "disabled" in fields
        password = fields.get("password", "")
        await self._asked(
            fields,
            lambda: self._by().change(
                account.name,
                role=None if role == account.role else role,
                athletes=None if (role, tuple(athletes)) == (account.role, account.athletes) else athletes,
                disabled=None if disabled == account.disabled else disabled,
                password=password or None,
            ),
        )
        self._bar.show(labels.saved(account.name), can_undo=False)
        self._show()
        return True

    async def _remove(self, account: Account, fields: Fields) -> bool:
        if fields.get("name", "") != account.name:
            raise FormError(labels.not_that_name())
        await self._asked(fields, lambda: self._by().remove(account.name))
        self._bar.show(labels.removed(account.name), can_undo=False)
        self._show()
        return False

    def _by(self) -> Accounts:
        return self._accounts.by(self._rights.account, peer_of(self._scope))

    async def _asked(self, fields: Fields, ask: object) -> None:
        if fields.get("password") and not is_private(self._scope):
            raise FormError(labels.sent_in_the_clear())
        try:
            self._rights.demand("manage-accounts")
            await run.io_bound(ask)  # type: ignore[arg-type]
        except SensorHubError as problem:
            raise FormError(str(problem)) from None

    def _show(self) -> None:
        try:
            if not self._rights.may("manage-accounts"):
                return
            accounts = self._accounts.accounts()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)
        if accounts == self._shown:
            return
        self._shown = accounts
        self._list.clear()
        with self._list:
            for account in accounts:
                self._card(account)

    def _card(self, account: Account) -> None:
        with Tag("article", classes="card", data_testid=f"account-{account.name}"):
            Tag("h2", account.name)
            with Tag("div", classes="kept-head"):
                Tag("span", labels.role_word(account.role), "chip")
                if account.disabled:
                    Tag("span", labels.disabled(), "chip")
            whom = ", ".join(self._called(who) for who in account.athletes)
            if account.role == "coach" and not whom:
                whom = labels.everybody()
            if whom:
                Tag("p", f"{labels.of_athlete()}: {whom}", "muted")
            with Tag("details"):
                Tag("summary", labels.change_account())
                with Form(f"change-{account.name}", lambda fields: self._change(account, fields)) as form:
                    self._fields(account)
                    tick_field(labels.may_not_sign_in(), "disabled", ticked=account.disabled)
                form.send_button(keeping_labels.save())
                with Form(f"remove-{account.name}", lambda fields: self._remove(account, fields)) as form:
                    text_field(labels.removing_confirm(account.name), "name", autocapitalize="none")
                form.send_button(labels.remove())


def _role(fields: Fields) -> Role:
    return next((role for role in ROLES if role == fields.get("role")), "runner")
