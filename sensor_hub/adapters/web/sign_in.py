"""Signing in and out: one plain form, that works without a script, and one address that ends a session."""

import asyncio
import logging
import math
import secrets
from html import escape
from typing import Final
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web.asking import (
    SIGN_IN,
    SIGN_OUT,
    Door,
    cookie_name,
    cookie_of,
    is_private,
    own_path,
    peer_of,
    secret_of,
)
from sensor_hub.adapters.web.needs import anyone
from sensor_hub.adapters.web.plain_page import plain_page, told_page
from sensor_hub.adapters.web.rights import RIGHTS
from sensor_hub.errors import SensorHubError, SignInRefused
from sensor_hub.model.ports import Accounts, SignedIn

_LOG = logging.getLogger(__name__)
_LARGEST: Final = 8192
AT_THE_DOOR: Final = 4  # passwords looked at a time: a crowd at the door leaves threads to who is in already
_FORM: Final = "-form"
_FORM_LASTS_S: Final = 3600


def sign_in_router(door: Door) -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(include_in_schema=False, dependencies=[anyone()])
    entering = asyncio.Semaphore(AT_THE_DOOR)

    @router.get(SIGN_IN)
    def form(request: Request) -> Response:
        if not door.in_use():
            link = None if request.scope[RIGHTS].asker().kind == "nobody" else ("/", labels.to_the_hub())
            text = labels.no_accounts_yet() if link is None else labels.nobody_needed()
            return told_page(labels.sign_in(), text, link=link)
        return _form(request, own_path(request.query_params.get("next", "/")))

    @router.post(SIGN_IN)
    async def sent(request: Request) -> Response:
        accounts = door.accounts
        if accounts is None or not await run_in_threadpool(door.in_use):
            return RedirectResponse(SIGN_IN, 303)
        if not is_private(request.scope):
            return told_page(labels.sign_in(), labels.sent_in_the_clear(), status_code=403)
        fields = await _fields(request)
        back = own_path(fields.get("next", "/"))
        known = cookie_of(request.scope, cookie_name(request.scope, _FORM))
        if known is None or not secrets.compare_digest(known.encode(), fields.get("form", "").encode()):
            return _form(request, back, labels.form_too_old(), 403)
        try:
            async with entering:
                signed_in = await run_in_threadpool(
                    _enter, accounts, fields, peer_of(request.scope), secret_of(request.scope)
                )
        except SignInRefused as refused:
            return _refused(request, back, refused)
        except SensorHubError as problem:
            _LOG.warning("nobody can sign in: %s", problem)  # it may name a file: not for who has not signed in
            return _form(request, back, labels.accounts_unreadable(), 503)
        answer = RedirectResponse(back, 303)
        put_cookie(request, answer, signed_in)
        return answer

    @router.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        if "x-sensor-hub" not in request.headers:
            raise HTTPException(403, "send the header X-Sensor-Hub: 1, which no form of a foreign page can")
        secret = secret_of(request.scope)
        if secret is not None and door.accounts is not None:
            door.accounts.sign_out(secret)
        answer = JSONResponse({"signed_out": True})
        answer.delete_cookie(
            cookie_name(request.scope), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
        )
        return answer

    return router


def _enter(accounts: Accounts, fields: dict[str, str], peer: str, old: str | None) -> SignedIn:
    """Sign in; the session that this browser had before is ended."""
    signed_in = accounts.sign_in(fields.get("name", ""), fields.get("password", ""), peer=peer)
    if old is not None:
        accounts.sign_out(old)
    return signed_in


async def _fields(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "send the form of this page")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413, "that is no form of this page")
    try:
        told = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10, errors="strict")
    except ValueError:
        raise HTTPException(400, "that is no form of this page") from None
    return {key: values[-1] for key, values in told.items()}


def put_cookie(request: Request, answer: Response, signed_in: SignedIn) -> None:
    """Give a browser the secret of its session."""
    is_encrypted = request.url.scheme == "https"
    answer.set_cookie(
        cookie_name(request.scope), signed_in.secret, expires=signed_in.expires_utc, path="/", secure=is_encrypted,
        httponly=True, samesite="strict",
    )  # fmt: skip
    answer.delete_cookie(
        cookie_name(request.scope, _FORM), path="/", secure=is_encrypted, httponly=True, samesite="strict"
    )


def _refused(request: Request, back: str, refused: SignInRefused) -> Response:
    if refused.retry_after_s <= 0:
        return _form(request, back, str(refused), 403)
    seconds = max(1, math.ceil(refused.retry_after_s))
    answer = _form(request, back, f"{refused} {labels.wait(seconds)}", 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _form(request: Request, back: str, problem: str = "", status_code: int = 200) -> Response:
    told = f'<p class="form-problem" role="alert" data-testid="problem">{escape(problem)}</p>' if problem else ""
    if not is_private(request.scope):
        text = f'<p class="trouble" role="alert" data-testid="unencrypted">{escape(labels.sent_in_the_clear())}</p>'
        return plain_page(labels.sign_in(), text, status_code=status_code)
    token = secrets.token_urlsafe(24)
    action = SIGN_IN if back == "/" else f"{SIGN_IN}?next={quote(back, safe='/')}"
    body = (
        f'<form class="card form sign-in" method="post" action="{escape(action, quote=True)}" data-testid="sign-in">'
        f'<input type="hidden" name="form" value="{token}">'
        f'<input type="hidden" name="next" value="{escape(back, quote=True)}">'
        f'<label class="field"><span class="field-name">{escape(labels.name())}</span>'
        '<input name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required '
        'maxlength="100" autofocus></label>'
        f'<label class="field"><span class="field-name">{escape(labels.password())}</span>'
        '<input name="password" type="password" autocomplete="current-password" required maxlength="1024"></label>'
        f'{told}<button class="button main" type="submit">{escape(labels.sign_in())}</button></form>'
    )
    answer = plain_page(labels.sign_in(), body, status_code=status_code)
    answer.set_cookie(
        cookie_name(request.scope, _FORM), token, max_age=_FORM_LASTS_S, path="/",
        secure=request.url.scheme == "https", httponly=True, samesite="strict",
    )  # fmt: skip
    return answer
