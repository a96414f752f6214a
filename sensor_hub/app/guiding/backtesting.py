"""A backtest of one's own history, or of an archive that is read into a temporary place and forgotten."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import SecretStr

from sensor_hub.app.importing.bulk import import_paths
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.config import Settings
from sensor_hub.errors import EditError
from sensor_hub.guidelines.backtest import backtest
from sensor_hub.guidelines.catalogue import RULES, why_not_set
from sensor_hub.guidelines.catalogue.rules import ON
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.backtest import BacktestReport
from sensor_hub.model.diary import PolicyName, SetRule
from sensor_hub.model.rule import RuleSettings

Progress = Callable[[str, int, int], None]


def quiet(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def wanted_settings(before: RuleSettings, policy: PolicyName | None, changes: Sequence[SetRule]) -> RuleSettings:
    """Return settings as they would be with another policy and other values; EditError if one cannot be."""
    values, off = dict(before.values), set(before.off)
    for change in changes:
        if (reason := why_not_set(change)) is not None:
            raise EditError(reason)
        if change.parameter == ON:
            (off.add if change.value == 0 else off.discard)(change.rule)
        elif change.value is not None:
            values[change.rule, change.parameter] = change.value
    return RuleSettings(policy or before.policy, values, frozenset(off))


def of_history(
    archive: Archive,
    athlete: Athlete,
    *,
    policy: PolicyName | None = None,
    changes: Sequence[SetRule] = (),
    since: date = date.min,
    only: str | None = None,
    progress: Progress = quiet,
) -> BacktestReport:
    """Tell an athlete's own history again, with their diary; nothing is stored.

    since : first local day that is reported; what lies before it is judged all the same, as it is what later runs are
    held against. only : id of the one rule that is reported; EditError if there is none of it.
    """
    diary = archive.guide.known(athlete.id)
    return backtest(
        athlete,
        archive.store.sessions(athlete.id),
        diary,
        wanted_settings(diary.settings, policy, changes),
        archive.store.days(athlete.id),
        shoes=archive.registry.shoes.all(athlete.id),
        worn=archive.store.pairs(athlete.id, datetime(1970, 1, 2, tzinfo=UTC)),
        since=since,
        rule=_known(only),
        progress=lambda done, of: progress("judged", done, of),
    )


def of_files(
    paths: Sequence[Path],
    settings: Settings,
    *,
    policy: PolicyName | None = None,
    changes: Sequence[SetRule] = (),
    since: date = date.min,
    only: str | None = None,
    progress: Progress = quiet,
) -> BacktestReport:
    """Tell the history again that files, folders or zips make together; they are read into a place that is removed.

    settings : those of this machine; of them only the place is another. There is no diary, so what needs one says
    nothing. EditError if there is no run to read.
    """
    with tempfile.TemporaryDirectory(prefix="sensor-hub-backtest-") as temp:
        _known(only)  # before a long read, not after it
        elsewhere = settings.model_copy(update={"data_dir": Path(temp), "store": SecretStr("")})
        with open_archive(elsewhere) as archive:
            done = import_paths(paths, archive, progress=lambda told: progress("read", told.n_done, told.n_files))
            person = archive.athlete(None)
            if not archive.store.sessions(person.id):
                problems = [result.problem for result in done.results if result.problem]
                raise EditError(problems[0] if problems else f"{paths[0]}: there is no run in it")
            return of_history(
                archive, person, policy=policy, changes=changes, since=since, only=only, progress=progress
            )


def _known(rule_id: str | None) -> str | None:
    if rule_id is not None and all(info.id != rule_id for info in RULES):
        raise EditError(f"there is no rule {rule_id!r} ('sensor-hub rules list --rules' shows them)")
    return rule_id
