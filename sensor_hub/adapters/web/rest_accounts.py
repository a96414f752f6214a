"""REST of accounts: one's own, and, for an admin, everybody's. A secret is told once, when it is drawn."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.asking import is_private, peer_of, secret_of
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.adapters.web.seen import rights_of
from sensor_hub.adapters.web.session_answers import Answer
from sensor_hub.adapters.web.sign_in import put_cookie
from sensor_hub.adapters.web.writing import has_own_header, writes_json
from sensor_hub.errors import AccessError
from sensor_hub.model.access import Account, Role
from sensor_hub.model.ports import Accounts

_CANNOT: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": Problem, "description": "A body that cannot be read at all."},
    409: {"model": Problem, "description": "It cannot be; nothing has changed."},
    413: {"model": Problem, "description": "The body is too large."},
    415: {"model": Problem, "description": "Not sent as JSON."},
    429: {"model": Problem, "description": "Tried too often; the header Retry-After says how many seconds to wait."},
}
_NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {404: {"model": Problem, "description": "No such thing."}}
_NAME: Final = Field(min_length=1, max_length=100, description="What somebody signs in with.")


class AccountAnswer(Answer):
    """An account, without anything secret."""

    id: str = Field(description="Random id.")
    name: str = Field(description="What somebody signs in with.")
    role: Role = Field(description="runner, coach or admin.")
    athletes: list[str] = Field(description="Pseudonyms: a runner's own; those a coach coaches, none is everybody.")
    created_utc: datetime = Field(description="When it was made, UTC.")
    disabled: bool = Field(description="True if it lets nobody in.")


class BrowserAnswer(Answer):
    """A browser that is signed in."""

    id: str = Field(description="Random id; it lets nobody in.")
    made_utc: datetime = Field(description="Since when, UTC.")
    seen_utc: datetime = Field(description="Last seen, UTC.")
    expires_utc: datetime = Field(description="Until when, UTC.")


class TokenAnswer(Answer):
    """A token, without its secret."""

    id: str = Field(description="Random id; it lets nobody in.")
    name: str = Field(description="What it is for.")
    reads_only: bool = Field(description="True if it may change nothing.")
    made_utc: datetime = Field(description="When it was made, UTC.")
    expires_utc: datetime | None = Field(description="Until when, UTC; null: until it is removed.")
    used_utc: datetime | None = Field(description="Last used, UTC; null: never.")


class NewTokenAnswer(BaseModel):
    """A token that was just made."""

    token: TokenAnswer = Field(description="The token.")
    secret: str = Field(description="What a program sends; told this once.")


class OwnAnswer(BaseModel):
    """Who asks, with browsers and tokens."""

    account: AccountAnswer = Field(description="The account.")
    browsers: list[BrowserAnswer] = Field(description="Newest first.")
    tokens: list[TokenAnswer] = Field(description="Newest first.")

    @classmethod
    def of(cls, accounts: Accounts, account: Account) -> Self:
        """Answer for an account."""
        return cls(
            account=AccountAnswer.model_validate(account),
            browsers=[BrowserAnswer.model_validate(one) for one in accounts.sessions(account.id)],
            tokens=[TokenAnswer.model_validate(one) for one in accounts.tokens(account.id)],
        )


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewAccountBody(_Body):
    """An account to add."""

    name: str = _NAME
    role: Role = Field(description="runner, coach or admin.")
    password: SecretStr = Field(min_length=1, max_length=1024, description="It is kept as a digest only.")
    athletes: list[str] = Field(default=[], max_length=1000, description="Pseudonyms; of a runner exactly one.")


class ChangeAccountBody(_Body):
    """What changes of an account; null stays. It ends the account's sessions."""

    role: Role | None = Field(default=None, description="runner, coach or admin.")
    password: SecretStr | None = Field(default=None, min_length=1, max_length=1024, description="A new one.")
    athletes: list[str] | None = Field(default=None, max_length=1000, description="Pseudonyms.")
    disabled: bool | None = Field(default=None, description="True lets nobody in.")


class PasswordBody(_Body):
    """Change one's own password."""

    kind: Literal["password"] = Field(default="password", description="Change the password.")
    old: SecretStr = Field(max_length=1024, description="Until now.")
    new: SecretStr = Field(min_length=1, max_length=1024, description="From now on.")


class NewTokenBody(_Body):
    """A token to make."""

    name: str = Field(min_length=1, max_length=60, description="What it is for.")
    reads_only: bool = Field(default=True, description="True: it may change nothing.")
    days: int | None = Field(default=365, ge=1, le=3650, description="How long it holds; null: until it is removed.")


def sends_privately(request: Request) -> None:
    """Refuse a password or the making of a token over a connection that anybody could read."""
    if not is_private(request.scope):
        raise HTTPException(403, labels.sent_in_the_clear())


def by_no_token(request: Request) -> None:
    """Refuse what a stolen token could make itself more of: tokens, passwords, accounts."""
    if rights_of(request).asker().via == "token":
        raise HTTPException(403, "a token makes no tokens and changes no password and no account: sign in")


def accounts_router(accounts: Accounts) -> APIRouter:
    """Return the routes of accounts."""
    router = APIRouter(prefix="/api", tags=["accounts"], responses=ASKED)
    _own_routes(router, accounts)
    _all_routes(router, accounts)
    return router


def _mine(rights: Rights) -> Account:
    account = rights.account
    if account is None:
        raise AccessError(labels.no_account_here())
    return account


def _own_routes(router: APIRouter, accounts: Accounts) -> None:
    own = needs("own-account")
    writes: dict[str, Any] = {
        "responses": _CANNOT,
        "dependencies": [own, Depends(by_no_token), Depends(writes_json), Depends(sends_privately)],
    }
    ends: dict[str, Any] = {"responses": {**_CANNOT, **_NOT_FOUND}, "dependencies": [own, Depends(has_own_header)]}

    @router.get("/account", summary="Who asks", operation_id="account", responses=_CANNOT, dependencies=[own])
    def account(at: Asked) -> OwnAnswer:
        return OwnAnswer.of(accounts, _mine(at.rights))

    @router.post("/account/password", summary="Change one's own password", operation_id="change_password", **writes)
    def password(request: Request, response: Response, at: Asked, body: PasswordBody) -> OwnAnswer:
        mine = _mine(at.rights)
        peer = peer_of(request.scope)
        old, new = body.old.get_secret_value(), body.new.get_secret_value()
        again = accounts.change_own_password(mine.id, old, new, peer=peer, keep=secret_of(request.scope))
        if again is not None:
            put_cookie(request, response, again)
        return OwnAnswer.of(accounts, mine)

    @router.post("/account/tokens", summary="Make a token", operation_id="add_token", status_code=201, **writes)
    def add_token(at: Asked, body: NewTokenBody) -> NewTokenAnswer:
        mine = _mine(at.rights)
        made, secret = accounts.add_token(mine.id, body.name, reads_only=body.reads_only, days=body.days)
        return NewTokenAnswer(token=TokenAnswer.model_validate(made), secret=secret)

    @router.delete("/account/tokens/{token}", summary="End a token", operation_id="remove_token", **ends)
    def remove_token(token: str, at: Asked) -> OwnAnswer:
        mine = _mine(at.rights)
        if token not in {one.id for one in accounts.tokens(mine.id)}:
            raise HTTPException(404, "no such token of this account")
        accounts.remove_token(mine.id, token)
        return OwnAnswer.of(accounts, mine)

    @router.delete("/account/browsers/{browser}", summary="Sign a browser out", operation_id="end_browser", **ends)
    def end_browser(browser: str, at: Asked) -> OwnAnswer:
        mine = _mine(at.rights)
        if browser not in {one.id for one in accounts.sessions(mine.id)}:
            raise HTTPException(404, "no such browser of this account")
        accounts.end_session(mine.id, browser)
        return OwnAnswer.of(accounts, mine)


def _all_routes(router: APIRouter, accounts: Accounts) -> None:
    managed = needs("manage-accounts")
    writes: dict[str, Any] = {
        "responses": {**_CANNOT, **_NOT_FOUND},
        "dependencies": [managed, Depends(by_no_token), Depends(writes_json), Depends(sends_privately)],
    }

    def by(request: Request, at: Asked) -> Accounts:
        return accounts.by(at.rights.account, peer_of(request.scope))

    def known(name: str) -> None:
        if name not in {account.name for account in accounts.accounts()}:
            raise HTTPException(404, f"no account {name!r}; GET /api/accounts lists all")

    @router.get("/accounts", summary="Every account, by name", operation_id="accounts", dependencies=[managed])
    def all_accounts() -> list[AccountAnswer]:
        return [AccountAnswer.model_validate(account) for account in accounts.accounts()]

    @router.post("/accounts", summary="Add an account", operation_id="add_account", status_code=201, **writes)
    def add(request: Request, at: Asked, body: Annotated[NewAccountBody, Body()]) -> AccountAnswer:
        made = by(request, at).add(body.name, body.role, body.password.get_secret_value(), body.athletes)
        return AccountAnswer.model_validate(made)

    @router.patch("/accounts/{name}", summary="Change an account", operation_id="change_account", **writes)
    def change(request: Request, at: Asked, name: str, body: ChangeAccountBody) -> AccountAnswer:
        known(name)
        password = None if body.password is None else body.password.get_secret_value()
        changed = by(request, at).change(
            name, role=body.role, athletes=body.athletes, disabled=body.disabled, password=password
        )
        return AccountAnswer.model_validate(changed)

    @router.delete(
        "/accounts/{name}",
        summary="Remove an account; what was recorded stays",
        operation_id="remove_account",
        status_code=204,
        responses={**_CANNOT, **_NOT_FOUND},
        dependencies=[managed, Depends(by_no_token), Depends(has_own_header)],
    )
    def remove(request: Request, at: Asked, name: str) -> None:
        known(name)
        by(request, at).remove(name)
