"""What REST takes and tells of a person's shoes, files and rights."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web.jobs import Job, JobState
from sensor_hub.adapters.web.session_answers import Number
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import ErasureReceipt


class ShoeAnswer(BaseModel):
    """A pair of shoes, and what was run in it."""

    id: str = Field(description="Id of the pair.")
    name: str = Field(description="What it is called.")
    drop_mm: Number = Field(description="Height of heel above toe, mm; null: unknown.")
    start_distance_m: float = Field(description="Run in it before it came here, m.")
    retired: bool = Field(description="True if it is no longer worn.")
    distance_m: Number = Field(description="Run in it in all, m. Null where one of its runs has none known.")
    known_distance_m: Number = Field(description="The same without those runs, so at least that, m.")
    n_runs: int = Field(description="Runs in it.")
    today: bool = Field(description="True if it is today's pair.")

    @classmethod
    def of(cls, shoe: Shoe, history: HistoryView | None) -> Self:
        """Answer for a pair."""
        use = next((use for use in history.shoes if use.shoe == shoe.id), None) if history is not None else None
        start_m = shoe.start_distance_m if history is not None else None
        return cls(
            id=shoe.id, name=shoe.name, drop_mm=shoe.drop_mm, start_distance_m=shoe.start_distance_m,
            retired=shoe.retired_utc is not None, distance_m=start_m if use is None else use.distance_m,
            known_distance_m=start_m if use is None else use.known_distance_m, n_runs=0 if use is None else use.n_runs,
            today=history is not None and history.shoe_today == shoe.id,
        )  # fmt: skip


class ShoeBody(BaseModel):
    """A pair as it should be. Which one is worn is an edit: wear-shoe."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: str | None = Field(default=None, description="Of a pair that is put right; null adds one.")
    name: str = Field(min_length=1, max_length=60, description="What it is called.")
    drop_mm: float | None = Field(default=None, ge=-10, le=40, description="Heel above toe, mm; null: unknown.")
    start_distance_m: float = Field(default=0, ge=0, le=10_000_000, description="Run in it before it came here, m.")
    retired: bool = Field(default=False, description="True if it is no longer worn.")


class JobAnswer(BaseModel):
    """An import that goes on, or has ended."""

    id: str = Field(description="Id of the job.")
    athlete: str = Field(description="Pseudonym of whom the files are of.")
    name: str = Field(description="Name of the file.")
    state: JobState = Field(description="waiting, running, done or failed.")
    n_done: int = Field(description="Files done.")
    n_total: int | None = Field(description="Files in all; null until it is known.")
    counts: dict[str, int] | None = Field(description="What became of the files, once it is done.")
    notes: list[str] = Field(description="Such as why a file was refused.")
    problem: str | None = Field(description="Why it failed.")

    @classmethod
    def of(cls, job: Job) -> Self:
        """Answer for a job."""
        taken = job.taken
        return cls(
            id=job.id, athlete=job.athlete, name=job.name, state=job.state, n_done=job.n_done, n_total=job.n_total,
            counts=None if taken is None else dict(taken.counts), notes=[] if taken is None else list(taken.notes),
            problem=job.problem,
        )  # fmt: skip


class EraseRequest(BaseModel):
    """What makes sure that this person is meant."""

    model_config = ConfigDict(extra="forbid")

    display_name: str = Field(description="The person's display name, exactly.")


class ReceiptAnswer(BaseModel):
    """What an erasure came to."""

    complete: bool = Field(description="True if nothing of the person was found by the search afterwards.")
    lines: list[str] = Field(description="For a person: what was erased and searched, and what is out of reach.")
    receipt: dict[str, object] = Field(description="The whole receipt.")

    @classmethod
    def of(cls, receipt: ErasureReceipt) -> Self:
        """Answer for a receipt."""
        return cls(complete=receipt.complete, lines=list(receipt.lines), receipt=dict(receipt.body))
