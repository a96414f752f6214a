"""Words of signing in, of accounts, and of what somebody may not do."""

from sensor_hub.model.access import Role
from sensor_hub.words import translate as _


def no_athlete(athlete: str) -> str:
    """The same for nobody and for somebody who is none of theirs."""
    return _("no athlete {athlete!r}; GET /api/athletes lists all").format(athlete=athlete)


def no_finding(finding: str) -> str:
    """Nobody has such a finding now, or whoever asks may not know of it."""
    return _("no finding {finding!r} that stands; GET /api/findings lists them").format(finding=finding)


def no_session(sid: str) -> str:
    """The same for no session and for somebody else's."""
    return _("no session {sid!r}; GET /api/athletes/{{id}}/sessions lists an athlete's").format(sid=sid)


def no_job(job: str) -> str:
    """The same for no job and for somebody else's."""
    return _("no job {job!r}; only the newest are remembered").format(job=job)


def no_pod(device: str) -> str:
    """No such pod, or somebody else's."""
    return _("no sensor {device!r} (the roster lists all)").format(device=device)


def copy_is_of_everybody() -> str:
    """Why a coach of some cannot copy an evening."""
    return _("An earlier evening may be of people you do not coach: give the pods one by one.")


def forbidden(*, reads_only: bool = False) -> str:
    """Why not."""
    if reads_only:
        return _("This token may only read what its account sees; it changes nothing.")
    return _("Your account may not do this, or see this.")


def forbidden_title() -> str:
    """Of a page that may not be seen."""
    return _("Not yours to see")


def only_looking() -> str:
    """Stands in place of what changes something."""
    return _("You can look at this. Changing it is for whom it is about.")


def sign_in_first() -> str:
    """Of REST, of whoever has not signed in."""
    return _("Sign in, or send a token: Authorization: Bearer shub_…")


def accounts_unreadable() -> str:
    """Of whoever asks while it cannot be found out who they are."""
    return _("Just now the hub cannot find out who may do what. Try again soon; its log says why.")


def no_accounts_yet() -> str:
    """Of whoever asks from another machine while nobody has an account."""
    return _(
        "Nobody has an account on this hub yet, so it answers only the machine it runs on, as http://localhost. Make "
        "one there: sensor-hub user add NAME --role admin"
    )


def sent_in_the_clear() -> str:
    """Why no password and no token is taken."""
    return _(
        "This connection is not encrypted, so nothing secret is taken over it. Give the hub a certificate (settings "
        "web_cert and web_key), or name the proxy in front of it (setting web_proxy) and let that send "
        "X-Forwarded-Proto: https."
    )


def unencrypted_warning() -> str:
    """Stands on the pages of accounts, and in the log."""
    return _(
        "The page listens beyond this machine without encryption: from elsewhere nobody can sign in. Set web_cert and "
        "web_key, or web_proxy."
    )


def sign_in() -> str:
    """Title and button."""
    return _("Sign in")


def sign_out() -> str:
    """Ends this browser's session."""
    return _("Sign out")


def name() -> str:
    """What somebody signs in with."""
    return _("Name")


def password() -> str:
    """Of an account."""
    return _("Password")


def form_too_old() -> str:
    """The form was not made by this hub for this browser, or long ago."""
    return _("This form was too old. Please send it again.")


def signed_out_title() -> str:
    """Takes the place of a page whose session ended."""
    return _("This page has ended")


def signed_out_text() -> str:
    """Why it ended."""
    return _("You are signed out, or what you may see has changed.")


def wait(seconds: int) -> str:
    """How long to wait."""
    return _("Please wait {seconds} s before you try again.").format(seconds=seconds)


def nobody_needed() -> str:
    """On the page for signing in, while nobody has an account."""
    return _(
        "Nobody has an account on this hub yet: this machine may do everything, and no other one anything. As soon as "
        "there is an account, everybody signs in."
    )


def to_the_hub() -> str:
    """Link from the page for signing in."""
    return _("To the hub")


def own_account() -> str:
    """Title and link."""
    return _("Account")


def accounts() -> str:
    """Title and link."""
    return _("Accounts")


def signed_in_as(who: str, role: str) -> str:
    """Who it is."""
    return _("{who}, {role}").format(who=who, role=role)


def role_word(role: Role) -> str:
    """A role."""
    return {"runner": _("runner"), "coach": _("coach"), "admin": _("admin")}[role]


def role_text(role: Role) -> str:
    """What a role may do."""
    return {
        "runner": _("Runner: everything of their own, nothing of others"),
        "coach": _("Coach: what their athletes let them see, and the pods"),
        "admin": _("Admin: accounts, histories, files and backups, no diaries"),
    }[role]


def role() -> str:
    """Field."""
    return _("Role")


def of_athlete() -> str:
    """Field: whose data, or whom they coach."""
    return _("Athletes")


def of_athlete_hint() -> str:
    """How to fill it."""
    return _("A runner: their own. A coach: those they coach; none means everybody. An admin: none.")


def new_password() -> str:
    """Field."""
    return _("New password")


def old_password() -> str:
    """Field."""
    return _("Password until now")


def again() -> str:
    """Field."""
    return _("New password, again")


def not_the_same() -> str:
    """The two differ."""
    return _("The two new passwords are not the same.")


def change_password() -> str:
    """Title and button."""
    return _("Change password")


def password_changed() -> str:
    """Done."""
    return _("Your password is changed. Every browser is signed out: sign in again.")


def browsers() -> str:
    """Title."""
    return _("Signed-in browsers")


def browser_line(made: str, seen: str) -> str:
    """One browser."""
    return _("Since {made}, last seen {seen}").format(made=made, seen=seen)


def end_browser() -> str:
    """Button."""
    return _("Sign it out")


def tokens() -> str:
    """Title."""
    return _("Tokens for programs")


def tokens_note() -> str:
    """What they are for."""
    return _("A program sends its token as Authorization: Bearer …; it may what your account may, or only read.")


def no_tokens() -> str:
    """Without any."""
    return _("No token.")


def token_line(what: str, reads_only: bool, until: str, used: str) -> str:
    """One token."""
    kind = _("reads only") if reads_only else _("reads and writes")
    return _("{what}: {kind}, until {until}, last used {used}").format(what=what, kind=kind, until=until, used=used)


def never() -> str:
    """Of a moment that has not come."""
    return _("never")


def for_ever() -> str:
    """Of a token without an end."""
    return _("it is removed")


def token_name() -> str:
    """Field."""
    return _("What it is for")


def token_days() -> str:
    """Field."""
    return _("Days it holds")


def reads_only() -> str:
    """Tick."""
    return _("It may only read")


def make_token() -> str:
    """Button."""
    return _("Make a token")


def token_once() -> str:
    """Above a new token."""
    return _("Here it is, this once. Copy it now: the hub keeps no copy.")


def remove() -> str:
    """Button."""
    return _("Remove")


def add_account() -> str:
    """Title and button."""
    return _("Add an account")


def change_account() -> str:
    """Opens a form."""
    return _("Change")


def disabled() -> str:
    """Mark and tick."""
    return _("disabled")


def may_not_sign_in() -> str:
    """Tick."""
    return _("May not sign in")


def removing_confirm(who: str) -> str:
    """Asks before an account goes."""
    return _("Type {who} to remove the account. What was recorded stays.").format(who=who)


def not_that_name() -> str:
    """The name typed is another one."""
    return _("That is not the name of this account; nothing was removed.")


def saved(who: str) -> str:
    """An account was added or changed."""
    return _("{who} is saved.").format(who=who)


def removed(who: str) -> str:
    """An account is gone."""
    return _("{who} is removed.").format(who=who)


def no_account_here() -> str:
    """On the account page of the operator."""
    return _("You sit at the hub's own machine and nobody has an account yet: there is none of yours.")


def everybody() -> str:
    """Of a coach of all."""
    return _("everybody")


def leave_empty() -> str:
    """Hint of a password that stays."""
    return _("Empty: it stays as it is.")


def no_such_athlete(asked: str) -> str:
    """A field names nobody, or two."""
    return _("There is not exactly one athlete {asked}: use their pseudonym.").format(asked=asked)
