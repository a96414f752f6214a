"""A person's data: files in with their progress, everything out, everything gone with a receipt."""

import json
from collections.abc import Mapping
from typing import Final

from nicegui import run, ui
from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import keeping_labels, person_labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, FormError, text_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.jobs import Job, Jobs
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import ErasureReceipt, PersonData

JOBS_POLL_S: Final = 0.5
SHOWN_NOTES: Final = 20
# Each file goes to REST as it is, with the header that no form of a foreign page can send.
_SEND: Final = """
async (e) => {
  e.preventDefault();
  e.currentTarget.classList?.remove('over');
  const field = e.target;
  for (const file of [...(e.dataTransfer ?? field).files]) {
    emit({sending: file.name});
    try {
      const answer = await fetch('/api/athletes/%s/import?name=' + encodeURIComponent(file.name), {
        method: 'POST', headers: {'X-Sensor-Hub': '1', 'Content-Type': 'application/octet-stream'}, body: file,
      });
      if (!answer.ok) {
        const told = (await answer.json()).detail;
        emit(typeof told === 'string' ? told : JSON.stringify(told));
      } else emit('');
    } catch (problem) { emit(String(problem)); }
  }
  if (!e.dataTransfer) field.value = '';
}
"""
_OVER: Final = "(e) => { e.preventDefault(); e.currentTarget.classList.add('over') }"
_LEFT: Final = "(e) => e.currentTarget.classList.remove('over')"


class DataPage:
    """Import, export, erase. refusal : why this browser may do none of it, None if it may."""

    def __init__(self, writing: WriteSide, data: PersonData, athlete: Athlete, refusal: str | None) -> None:
        self._data, self._athlete, self._jobs = data, athlete, writing.jobs
        name = athlete.display_name
        self._frame = Frame(keeping_labels.page_of(keeping_labels.data(), name), back=True)
        with self._frame.header:
            athlete_nav(athlete.id, name, "data", writing)
        with self._frame.body:
            if refusal is not None:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
                return
            ImportCard(writing.jobs, athlete.id)
            with Tag("section", classes="card", aria_labelledby="export-title"):
                Tag("h2", person_labels.export_title(), id="export-title")
                Tag("p", person_labels.export_note(), "muted")
                link = Tag(
                    "a", person_labels.export_link(), "button", href=f"/api/athletes/{athlete.id}/export", download="",
                    data_testid="export",
                )  # fmt: skip
                wait = Tag("p", classes="muted", role="status", data_testid="export-wait")
                link.on("click", lambda: wait.set_text(person_labels.export_wait()))
            with Tag("section", classes="card erase", aria_labelledby="erase-title", data_testid="erase") as self._card:
                Tag("h2", person_labels.erase_title(), id="erase-title")
                Tag("p", person_labels.erase_note(name))
                Tag("p", person_labels.erase_export_first())
                with Form("erase-form", self._erase) as form:
                    text_field(person_labels.erase_name(), "name")
                form.send_button(person_labels.erase(), person_labels.erasing())

    async def _erase(self, fields: Fields) -> bool:
        name = self._athlete.display_name
        if fields.get("name", "").split() != name.split():  # a browser shows two spaces as one
            raise FormError(person_labels.erase_name_wrong(name))
        if self._jobs.is_busy(self._athlete.id):
            raise FormError(person_labels.erase_later())
        try:
            receipt: ErasureReceipt | None = await run.io_bound(self._data.erase, self._athlete.id)
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if receipt is not None:
            self._jobs.forget(self._athlete.id)
            self._card.clear()
            with self._card:
                self._show(receipt)
        return False

    def _show(self, receipt: ErasureReceipt) -> None:
        with Tag("div", role="status", data_testid="receipt"):
            Tag("h2", person_labels.receipt_title(complete=receipt.complete))
            with Tag("ul", classes="journal"):
                for line in receipt.lines:
                    Tag("li", line)
            with Tag("details"):
                Tag("summary", person_labels.receipt_download())
                text = json.dumps(receipt.body, indent=2, ensure_ascii=False, default=str)
                Tag("pre", text, "receipt", tabindex="0")


class ImportCard:
    """A place for files, and what became of those that were dropped."""

    def __init__(self, jobs: Jobs, athlete: str) -> None:
        self._jobs, self._athlete = jobs, athlete
        self._shown: list[Job] = []
        with Tag("section", classes="card", aria_labelledby="import-title", data_testid="import"):
            Tag("h2", person_labels.import_title(), id="import-title")
            Tag("p", person_labels.import_note(), "muted")
            with Tag("label", classes="drop") as place:
                Tag("span", person_labels.choose_files())
                field = Tag("input", type="file", multiple="", name="files", data_testid="files")
            send = _SEND % athlete
            field.on("change", self._sent, js_handler=send)
            place.on("drop", self._sent, js_handler=send)
            place.on("dragover", js_handler=_OVER)
            place.on("dragleave", js_handler=_LEFT)
            self._problem = Tag("p", classes="form-problem", role="alert", data_testid="upload-problem")
            self._sending = Tag("p", classes="muted", role="status", data_testid="sending")
            self._list = Tag("ul", classes="journal", aria_live="polite", data_testid="jobs")
        self._problem.set_visibility(False)
        self._sending.set_visibility(False)
        self._show()
        ui.timer(JOBS_POLL_S, self._show)

    def _sent(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, dict):
            self._problem.set_visibility(False)
            self._sending.set_text(person_labels.sending(str(event.args.get("sending", ""))[:120]))
            self._sending.set_visibility(True)
            return
        self._sending.set_visibility(False)
        problem = str(event.args) if event.args else ""
        self._problem.set_text(person_labels.upload_failed(problem))
        self._problem.set_visibility(bool(problem))
        self._show()

    def _show(self) -> None:
        jobs = self._jobs.of(self._athlete)
        if jobs == self._shown:
            return
        self._shown = jobs
        self._list.clear()
        with self._list:
            for job in jobs:
                self._job(job)

    @staticmethod
    def _job(job: Job) -> None:
        with Tag("li", classes="job", data_state=job.state):
            if job.taken is not None:
                Tag("p", person_labels.job_done(job.name, counts_text(job.taken.counts)), "entry-text")
                for note in job.taken.notes[:SHOWN_NOTES]:
                    Tag("p", note, "muted")
                if len(job.taken.notes) > SHOWN_NOTES:
                    Tag("p", person_labels.more_notes(len(job.taken.notes) - SHOWN_NOTES), "muted")
            elif job.problem is not None:
                Tag("p", person_labels.job_failed(job.name, job.problem), "entry-text")
            else:
                Tag("p", progress_text(job), "entry-text")
                progress = Tag("progress", max=str(job.n_total or 1))
                if job.n_total is not None:
                    progress.put(value=str(job.n_done))


def progress_text(job: Job) -> str:
    """How far a job is that has not ended."""
    return person_labels.job_progress(job.name, job.n_done, job.n_total, is_waiting=job.state == "waiting")


def counts_text(counts: Mapping[str, int]) -> str:
    """What became of the files: 12 taken, 1 refused."""
    told = ", ".join(f"{n} {person_labels.became(what)}" for what, n in counts.items() if n)
    return told or person_labels.nothing_in_it()
