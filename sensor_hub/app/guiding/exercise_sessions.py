"""Exercise whose load is modelled has a session of its own, which goes and comes with its line of the diary."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sensor_hub.app.guiding.diaries import Diaries
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.exercising import Exercise, exercise_sid, keep_exercise
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Said, SayExercise
from sensor_hub.model.edit import Delete

UP_S: Final = 1.0  # ours: of a repetition whose way down was timed, the way up


class ExerciseSessions:
    """Sessions of the ledger "exercise" that lines of diaries name."""

    def __init__(self, store: KeptStore, ingest: Ingest, keeping: HistoryKeeping, diaries: Diaries) -> None:
        self._store, self._ingest, self._keeping, self._diaries = store, ingest, keeping, diaries

    def with_session(self, said: Said, person: Athlete) -> Said:
        """Give an exercise whose load is modelled its session: first the session, then the line that names it."""
        if not isinstance(said, SayExercise) or said.sid is not None or said.exercise not in {"heel-drop", "hop"}:
            return said
        if said.exercise == "hop":
            done = Exercise("hop", said.sets, said.reps)
        else:
            repetition_s = None if said.lowering_s is None else said.lowering_s + UP_S
            done = Exercise("heel-drop", said.sets, said.reps, 1, said.added_kg, repetition_s)
        if said.added_kg and person.mass_kg is None:
            return said  # what it loads is unknown; that it was done is not
        return replace(said, sid=self.kept(person, done, said.at_utc))

    def kept(self, person: Athlete, done: Exercise, start_utc: datetime) -> str:
        """Keep the session of an exercise that is not there yet; return its id."""
        sid = exercise_sid(person, done, start_utc)
        if self._store.kept(sid) is None:
            keep_exercise(self._ingest, person, done, start_utc)
        return sid

    def settle(self, person: Athlete, said: Sequence[Said], by: str) -> None:
        """Take sessions that no line names any more out of the history; bring back what is said again."""
        mine = {one.sid for one in said if isinstance(one, SayExercise) and one.sid is not None}
        if not mine:
            return
        stands = {e.edit.sid for e in self._diaries.standing(person.id) if isinstance(e.edit, SayExercise)}
        for sid in sorted(mine):
            kept = self._store.kept(sid)
            if kept is None or kept.summary.header.ledger != "exercise":
                continue
            if sid not in stands and kept.counts:
                self._keeping.edit(person.id, [Delete(sid)], by=by)
            elif sid in stands and kept.standing == "deleted":
                self._keeping.undo(person.id, by=by, entry=kept.entries[-1])
