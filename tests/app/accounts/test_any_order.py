"""Whatever is done in whatever order: accounts are as a plain list of them says, and an admin is always left."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sensor_hub.adapters.passwords import Passwords
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.accounts import HubAccounts
from sensor_hub.errors import AccessError, SignInRefused
from sensor_hub.model.access import ROLES, Role
from tests.app.accounts.conftest import CHEAP, Clock

NAMES = ("ana", "ben", "cem")
WORDS = ("blue kettle running far", "green pencil jumping high")
IDLE_H = 12


@dataclass
class Known:
    """What the plain list says of an account."""

    role: Role
    athletes: tuple[str, ...]
    password: str
    disabled: bool = False
    sessions: dict[str, float] = field(default_factory=dict)  # until when, h


def fits(role: Role, athletes: tuple[str, ...]) -> bool:
    return {"runner": len(athletes) == 1, "coach": True, "admin": not athletes}[role]


class Accounts(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.registry = Registry(f"sqlite:///{Path(self.folder.name) / 'registry.db'}")
        self.athletes = [self.registry.add_athlete(name, "UTC").id for name in ("A", "B")]
        self.clock, self.now_h = Clock(), 0.0
        self.accounts = HubAccounts(self.registry, Passwords(CHEAP), self.clock)
        self.known: dict[str, Known] = {}
        self.told: list[tuple[str, str]] = []  # names, and the secrets they were told
        self.version = self.accounts.version()
        begin: tuple[tuple[str, Role], ...] = (("ana", "admin"), ("ben", "coach"))
        for name, role in begin:  # else few of the first steps would do anything
            self.accounts.add(name, role, WORDS[0])
            self.known[name] = Known(role, (), WORDS[0])

    def teardown(self) -> None:
        if hasattr(self, "registry"):
            self.registry.close()
            self.folder.cleanup()

    def whom(self, which: list[int]) -> tuple[str, ...]:
        return tuple(sorted(self.athletes[n] for n in which))

    def admins(self) -> list[str]:
        return [name for name, known in self.known.items() if known.role == "admin" and not known.disabled]

    def is_last_admin(self, name: str) -> bool:
        return self.admins() == [name]

    def changed(self) -> None:
        now = self.accounts.version()
        assert now > self.version
        self.version = now

    ATHLETES = st.lists(st.integers(0, 1), unique=True)

    @rule(name=st.sampled_from(NAMES), role=st.sampled_from(ROLES), which=ATHLETES, password=st.sampled_from(WORDS))
    def add(self, name: str, role: Role, which: list[int], password: str) -> None:
        athletes = self.whom(which)
        can = name not in self.known and fits(role, athletes) and (bool(self.known) or role == "admin")
        try:
            self.accounts.add(name.upper(), role, password, athletes)
        except AccessError:
            assert not can
        else:
            assert can
            self.known[name] = Known(role, athletes, password)
            self.changed()

    @rule(
        name=st.sampled_from(NAMES[:2]) | st.sampled_from(NAMES), role=st.none() | st.none() | st.sampled_from(ROLES),
        which=st.none() | st.none() | ATHLETES, disabled=st.none() | st.none() | st.booleans(),
        password=st.none() | st.sampled_from(WORDS),
    )  # fmt: skip
    def change(
        self, name: str, role: Role | None, which: list[int] | None, disabled: bool | None, password: str | None
    ) -> None:
        athletes = None if which is None else self.whom(which)
        given = (role, athletes, disabled, password) != (None, None, None, None)
        known = self.known.get(name)
        can = known is not None
        if known is not None:
            becomes = role or known.role
            moves = becomes != known.role
            of = athletes if athletes is not None else () if moves else known.athletes
            can = fits(becomes, of) and not (moves and athletes is None and becomes != "admin")
            can = can and not (self.is_last_admin(name) and (becomes != "admin" or disabled is True))
        try:
            self.accounts.change(name, role=role, athletes=athletes, disabled=disabled, password=password)
        except AccessError:
            assert not can or not given
        else:
            assert known is not None
            assert can
            if given:
                known.role, known.athletes = becomes, of
                known.disabled = known.disabled if disabled is None else disabled
                known.password = password or known.password
                known.sessions.clear()
                self.changed()

    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        can = name in self.known and not self.is_last_admin(name)
        try:
            self.accounts.remove(name)
        except AccessError:
            assert not can
        else:
            assert can
            del self.known[name]
            self.changed()

    @precondition(lambda self: bool(self.known))
    @rule(data=st.data(), knows_it=st.sampled_from((True, True, False)))
    def sign_in(self, data: st.DataObject, knows_it: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.known)))
        known = self.known[name]
        password = known.password if knows_it else "red kettle running far"
        right = knows_it and not known.disabled
        try:
            secret = self.accounts.sign_in(name, password, peer="192.0.2.1").secret
        except SignInRefused as refused:
            waits = refused.retry_after_s > 0
            assert waits or not right
            return
        assert right
        known.sessions[secret] = self.now_h + IDLE_H
        self.told.append((name, secret))
        self.changed()

    @precondition(lambda self: bool(self.told))
    @rule(data=st.data())
    def sign_out(self, data: st.DataObject) -> None:
        name, secret = data.draw(st.sampled_from(self.told))
        self.accounts.sign_out(secret)
        if name in self.known:
            self.known[name].sessions.pop(secret, None)

    @invariant()
    def a_secret_opens_what_it_should(self) -> None:
        for name, secret in getattr(self, "told", []):
            known = self.known.get(name)
            asker = self.accounts.asker_of_session(secret)
            lives = known is not None and known.sessions.get(secret, 0.0) > self.now_h
            assert (asker is not None) == lives
            if asker is not None and known is not None:
                assert asker.account is not None
                assert (asker.account.role, asker.account.athletes) == (known.role, known.athletes)
                known.sessions[secret] = self.now_h + IDLE_H

    @rule(hours=st.sampled_from((1, 5, 11, 13)))
    def sleep(self, hours: int) -> None:
        self.clock.sleep(hours=hours)
        self.now_h += hours

    @invariant()
    def the_accounts_are_those_that_are_known(self) -> None:
        if hasattr(self, "known"):
            found = {a.name.casefold(): (a.role, a.athletes, a.disabled) for a in self.accounts.accounts()}
            assert found == {name: (k.role, k.athletes, k.disabled) for name, k in self.known.items()}
            assert self.accounts.in_use() == bool(self.known) == bool(self.admins())


Accounts.TestCase.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
TestAccounts = Accounts.TestCase
