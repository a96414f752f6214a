"""The coach's page: plain HTML and one module of script, fed by the channel ``/api/live``.

The page itself shows nobody: who may see whom is decided where its numbers come from. Every text that its script needs
is in it, so the script is the same for everybody and in every language.
"""

import json
from html import escape
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sensor_hub import words
from sensor_hub.adapters.web import (
    account_labels,
    coach_labels,
    guide_labels,
    keeping_labels,
    labels,
    person_labels,
    report_labels,
)
from sensor_hub.adapters.web.bars import SHOWN
from sensor_hub.adapters.web.document_language import document_language
from sensor_hub.adapters.web.faces import PREFIX
from sensor_hub.adapters.web.installing import HEAD
from sensor_hub.adapters.web.look import STYLE_URL
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.report_page import PATH as REPORT_PATH
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.adapters.web.run_labels import room_label
from sensor_hub.adapters.web.scripts import COACH as SCRIPT
from sensor_hub.adapters.web.seen import Seen
from sensor_hub.adapters.web.show_menu import show_form
from sensor_hub.adapters.web.skipping import MAIN, skip_link
from sensor_hub.adapters.web.start_page import START_PATH, wants_a_start
from sensor_hub.model.load import Measure

POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
ABOUT_PATH: Final = "/about-the-numbers"


def coach_router() -> APIRouter:
    """Return the route of the page at ``/``."""
    router = APIRouter()

    @router.get("/", include_in_schema=False, response_class=HTMLResponse, dependencies=[needs("see-grid")])
    def coach(_request: Request, at: Asked) -> Response:
        own = own_page(at.rights)
        if own is not None:
            return RedirectResponse(own, 303)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
        return HTMLResponse(_page(at), headers=headers)

    return router


def own_page(rights: Rights) -> str | None:
    """Return where a runner goes who has nobody to watch but themselves; None of everybody else."""
    account = rights.account
    if account is None or account.role != "runner" or len(account.athletes) != 1:
        return None
    return f"/athlete/{account.athletes[0]}/today"


def _page(at: Seen) -> str:
    title = f"{labels.coach_title()} · sensor_hub"
    squads = _squads(at)
    said = {"words": {**coach_labels.script_words(), "title": title}, "squads": squads or []}
    preloads = "".join(f'<link rel="modulepreload" href="{escape(url)}">' for url in SCRIPT.urls)
    return (
        f'<!doctype html><html lang="{document_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3f4f0">'
        '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0c1013">'
        f'<meta name="referrer" content="same-origin">{HEAD}'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLE_URL}">{preloads}'
        f'<script type="application/json" id="said">{_inline_json(said)}</script>'
        f'<script type="module" src="{escape(SCRIPT.main)}"></script></head>'
        f'<body class="plain coach"><div class="page">{skip_link()}{_top(at)}{_tools(filtered=squads is not None)}'
        f'{_messages()}<main id="{MAIN}" tabindex="-1">{_grids()}{_empty(at)}</main>{_foot()}</div>'
        '<div class="visually-hidden" id="live" role="status" aria-live="polite" data-testid="live"></div>'
        f"{_tile_template()}{_end_templates()}</body></html>"
    )


def _inline_json(value: object) -> str:
    """JSON that no text in it can end the element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _squads(at: Seen) -> list[dict[str, str]] | None:
    """Return the squads to choose from; None of somebody who sees none."""
    if not at.rights.may("see-squads"):
        return None
    held = at.writing.squads
    return [] if held is None else [{"id": squad.id, "name": squad.name} for squad in held.all()]


# --- top -------------------------------------------------------------------------------------------------------------


def _top(at: Seen) -> str:
    return (
        f'<header class="top">{_visitor(at.rights)}<h1>{escape(labels.coach_title())}</h1>'
        f'<div class="top-note"><p class="summary" id="summary" data-testid="summary"></p>{_links(at)}</div></header>'
    )


def _visitor(rights: Rights) -> str:
    account = rights.account
    if account is None:
        return ""
    who = account_labels.signed_in_as(account.name, account_labels.role_word(account.role))
    links = [
        _link("/account", account_labels.own_account()) if rights.may("own-account") else "",
        _link("/accounts", account_labels.accounts()) if rights.may("manage-accounts") else "",
    ]
    return (
        f'<nav class="visitor" aria-label="{escape(account_labels.own_account())}" data-testid="visitor">'
        f'<span class="muted">{escape(who)}</span>{"".join(links)}'
        '<button class="button small" type="button" id="sign-out" data-testid="sign-out">'
        f"{escape(account_labels.sign_out())}</button></nav>"
    )


def _links(at: Seen) -> str:
    writing, rights = at.writing, at.rights
    links = []
    if writing.roster is not None and rights.may("see-roster"):
        links.append(_link("/roster", keeping_labels.roster(), "to-roster"))
    if writing.squads is not None and rights.may("see-squads"):
        links.append(_link("/squads", coach_labels.squads(), "to-squads"))
    links.append(_link(REPORT_PATH, report_labels.report(), "to-report"))
    if writing.rules is not None and rights.may("see-rules"):
        links.append(_link("/rules", guide_labels.rules(), "to-rules"))
    if writing.data is not None and rights.may("back-up"):
        links.append(_link("/api/backup", person_labels.backup_link(), "backup", ' download=""'))
    if writing.newcomers is not None and rights.may("add-athlete") and wants_a_start(at.view):
        links.append(_link(START_PATH, coach_labels.to_start(), "to-start-again"))
    if not links:
        return ""
    name = escape(keeping_labels.hub_pages())
    return f'<nav class="pages" aria-label="{name}" data-testid="pages">{"".join(links)}</nav>'


def _link(href: str, text: str, testid: str = "", more: str = "") -> str:
    named = f' data-testid="{testid}"' if testid else ""
    return f'<a href="{escape(href)}"{named}{more}>{escape(text)}</a>'


def _tools(*, filtered: bool) -> str:
    chips = search = ""
    if filtered:
        chips = (
            f'<div class="squad-chips" id="chips" role="group" aria-label="{escape(coach_labels.show_whom())}" '
            'data-testid="squads"></div>'
        )
        search = (
            f'<label class="find"><span class="visually-hidden">{escape(coach_labels.find())}</span>'
            f'<input type="search" id="search" placeholder="{escape(coach_labels.find())}" autocomplete="off" '
            'data-testid="search"></label>'
        )
    more = f'<div class="coach-tools-more">{search}{_toggle("sound")}{_toggle("awake")}</div>'
    return f'<div class="coach-tools">{chips}{more}</div>'


def _toggle(name: str) -> str:
    return (
        f'<button type="button" class="button toggle-button" id="{name}" aria-pressed="false" data-testid="{name}">'
        f'<span class="toggle-sign {name}-sign" aria-hidden="true"></span><span id="{name}-word"></span></button>'
    )


def _messages() -> str:
    return (
        '<p class="message" id="connection" role="alert" data-testid="connection" hidden></p>'
        '<p class="message" id="trouble" role="alert" data-testid="trouble" hidden></p>'
        f'<noscript><p class="message">{escape(coach_labels.no_script())}</p></noscript>'
    )


# --- the grid --------------------------------------------------------------------------------------------------------


def _grids() -> str:
    return (
        '<div class="coach-grid" id="running" data-testid="grid"></div>'
        '<details class="fold" id="fold" data-testid="fold" hidden><summary><span id="fold-name"></span></summary>'
        '<div class="coach-grid resting" id="resting"></div></details>'
    )


def _empty(at: Seen) -> str:
    start = ""
    told = labels.no_athletes()
    if at.writing.newcomers is not None and at.rights.may("add-athlete"):
        told = coach_labels.nobody_yet()
        start = f'<a class="button main" href="/start" data-testid="to-start">{escape(coach_labels.to_start())}</a>'
    return (
        f'<div class="empty" id="empty" data-testid="empty" hidden><p>{escape(told)}</p>{start}</div>'
        f'<div class="empty" id="none" data-testid="none" hidden><p>{escape(coach_labels.nobody_fits())}</p>'
        f'<button type="button" class="button" id="show-all">{escape(coach_labels.show_all())}</button></div>'
    )


def _foot() -> str:
    return (
        f'<footer class="foot"><p data-testid="safety">{escape(words.safety_text())}</p>'
        f'<a class="foot-link" href="{ABOUT_PATH}" data-testid="about-link">{escape(words.about_title())}</a>'
        f"{show_form()}</footer>"
    )


def _tile_template() -> str:
    """One runner, without a word or number: the script copies it and fills in the parts."""
    rooms = "".join(_room(measure) for measure in SHOWN)
    return (
        '<template id="tile"><article class="tile"><div class="band"><span class="shape" aria-hidden="true"></span>'
        '<div class="who"><h2><a class="tile-link" data-part="name"></a></h2>'
        '<p class="about"><span class="word" data-part="word" data-testid="state"></span>'
        '<span class="badge" data-part="simulated" data-testid="simulated">'
        f'{escape(labels.simulated_badge())}</span><span class="battery" data-part="battery" data-testid="battery">'
        "</span></p></div>"
        '<span class="age" data-part="age" data-testid="age"></span></div>'
        '<div class="tile-body">'
        '<p class="standing-text" data-part="standing" data-testid="standing"></p>'
        '<p class="alert-text" data-part="alert" data-testid="alert"></p>'
        f'<div class="coach-live">{_number("cadence", labels.cadence_label(), labels.cadence_unit())}'
        f"{_number('contact', coach_labels.contact_label(), 'ms')}{_balance()}</div>"
        '<p class="beside" data-part="beside"><span data-part="contact_says" data-testid="contact-beside"></span> '
        '<span data-part="balance_says" data-testid="balance-beside"></span></p>'
        f'<div class="coach-rooms">{rooms}</div>'
        "</div></article></template>"
    )


def _number(name: str, label: str, unit: str) -> str:
    return (
        f'<div class="number" data-part="{name}_box"><span class="label">{escape(label)}</span>'
        f'<span class="value"><span class="digits" data-part="{name}" data-testid="{name}"></span>'
        f'<span class="unit">{escape(unit)}</span></span>'
        f'<span class="reason" data-part="{name}_why" data-testid="{name}-reason"></span></div>'
    )


def _balance() -> str:
    return (
        f'<div class="number balance" data-part="balance_box" data-testid="balance"><span class="label">'
        f"{escape(coach_labels.balance_label())}</span>"
        '<span class="value" aria-hidden="true"><span class="arrow to-left"></span>'
        '<span class="digits" data-part="balance" data-testid="balance-digits"></span><span class="unit">%</span>'
        '<span class="arrow to-right"></span></span>'
        '<span class="visually-hidden" data-part="balance_text" data-testid="balance-text"></span></div>'
    )


def _room(measure: Measure) -> str:
    name = PREFIX[measure]
    return (
        f'<div class="room" data-part="{name}" data-testid="headroom-{measure}"><div class="room-line">'
        f'<span class="label">{escape(room_label(measure))}</span>'
        f'<span class="room-value"><strong class="so-far" data-part="{name}_so_far"></strong>'
        f'<span data-part="{name}_limit"></span></span></div>'
        f'<div class="track" role="img" data-part="{name}_track"><div class="fill"></div><div class="over"></div>'
        f'<div class="tick"></div></div><div class="room-note" data-part="{name}_note"></div></div>'
    )


def _end_templates() -> str:
    ends = [
        ("signed-out", "/sign-in", account_labels.sign_in()),
        ("not-allowed", "/", account_labels.to_the_hub()),
    ]
    return "".join(
        f'<template id="{name}"><section class="card" role="alert" data-testid="ended">'
        f"<h1>{escape(account_labels.signed_out_title())}</h1><p>{escape(account_labels.signed_out_text())}</p>"
        f'<a class="button" href="{href}" data-testid="sign-in-again">{escape(text)}</a></section></template>'
        for name, href, text in ends
    )
