"""REST of a person's data: shoes, files in, everything out, everything gone; and a backup of the whole hub."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from sensor_hub.adapters.web import account_labels as labels
from sensor_hub.adapters.web import person_labels
from sensor_hub.adapters.web.answers import Problem
from sensor_hub.adapters.web.needs import REFUSED as ASKED
from sensor_hub.adapters.web.needs import Asked, needs
from sensor_hub.adapters.web.person_answers import EraseRequest, JobAnswer, ReceiptAnswer, ShoeAnswer, ShoeBody
from sensor_hub.adapters.web.rest_history import NOT_FOUND, REFUSED, of_part, zone_of
from sensor_hub.adapters.web.rights import NotKnown
from sensor_hub.adapters.web.uploads import LARGEST_BYTES, Drop
from sensor_hub.adapters.web.writing import WriteSide, has_own_header, is_not_cross_site, writes_json
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.ports import PersonData

_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/zip": {}}, "description": "The zip."},
    403: {"model": Problem, "description": "Not given to whoever asks, or not from there."},
}
_TOO_MUCH: Final[dict[int | str, dict[str, Any]]] = {
    413: {"model": Problem, "description": "The file is too large for this way."},
    507: {"model": Problem, "description": "The hub has no room for the file."},
}
_FILE: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_SHOES: Final = {
    "new": {"summary": "A new pair", "value": {"name": "Grey trainers", "drop_mm": 8, "start_distance_m": 120000}},
    "retired": {"summary": "No longer worn", "value": {"id": "shoe-a", "name": "Grey trainers", "retired": True}},
}


def person_router(writing: WriteSide, data: PersonData) -> APIRouter:
    """Return the routes of a person's data."""
    router = APIRouter(prefix="/api", tags=["data"], responses=ASKED)

    def shoes_of(at: Asked, athlete: str) -> list[ShoeAnswer]:
        # The owner's own history says what was run in each; whoever may see the pairs may see that.
        history = None if writing.keeping is None else writing.keeping.history(athlete)
        return [ShoeAnswer.of(shoe, history) for shoe in of_part(at.writing.data).shoes(athlete)]

    @router.get(
        "/athletes/{athlete}/shoes",
        summary="Pairs of shoes",
        operation_id="shoes",
        responses=NOT_FOUND,
        dependencies=[needs("see-shoes", about="athlete")],
    )
    def shoes(athlete: str, at: Asked) -> list[ShoeAnswer]:
        zone_of(at.view, athlete)
        return shoes_of(at, athlete)

    @router.post(
        "/athletes/{athlete}/shoes",
        summary="Add a pair, or put one right",
        operation_id="set_shoe",
        responses=REFUSED,
        dependencies=[needs("change-shoes", about="athlete"), Depends(writes_json)],
    )
    def set_shoe(athlete: str, at: Asked, body: Annotated[ShoeBody, Body(openapi_examples=_SHOES)]) -> list[ShoeAnswer]:
        zone_of(at.view, athlete)
        put_shoe(of_part(at.writing.data), athlete, body)
        return shoes_of(at, athlete)

    @router.post(
        "/athletes/{athlete}/import",
        summary="Import a file or a zip of files; goes on after the answer",
        operation_id="import_file",
        status_code=202,
        responses={**REFUSED, **_TOO_MUCH},
        dependencies=[needs("import", about="athlete"), Depends(has_own_header)],
        openapi_extra=_FILE,
        max_body_size=2 * LARGEST_BYTES,  # the file is counted as it comes, and refused with a word of what to do
    )
    async def import_file(
        request: Request,
        athlete: str,
        at: Asked,
        name: Annotated[str, Query(min_length=1, description="Name of the file.", examples=["run.fit"])],
    ) -> JobAnswer:
        who = await run_in_threadpool(at.rights.person, athlete)
        drop = Drop(name)
        try:
            await drop.fill(request.stream())
            await run_in_threadpool(at.rights.demand, "import", athlete=who.id)  # sending may have taken an hour
        except BaseException:
            drop.close()
            raise
        return JobAnswer.of(begin_import(writing, data, who.id, drop))

    @router.get(
        "/jobs/{job}",
        summary="How far an import is",
        operation_id="job",
        responses=NOT_FOUND,
        dependencies=[needs("import", about="job")],
    )
    def job_(job: str) -> JobAnswer:
        found = writing.jobs.job(job)
        if found is None:
            raise NotKnown(labels.no_job(job))
        return JobAnswer.of(found)

    @router.get(
        "/athletes/{athlete}/export",
        summary="Everything kept of an athlete, as a zip",
        operation_id="export",
        response_class=FileResponse,
        responses={**NOT_FOUND, **_ZIP},
        dependencies=[needs("export", about="athlete"), Depends(is_not_cross_site)],
    )
    def export(athlete: str, at: Asked) -> FileResponse:
        zone_of(at.view, athlete)
        drop = Drop(f"{athlete}.zip")
        try:
            of_part(at.writing.data).export(athlete, str(drop.path))
        except BaseException:
            drop.close()
            raise
        return drop.answer("application/zip")

    @router.get(
        "/backup",
        summary="Everything this hub keeps of everybody, as one file",
        operation_id="backup",
        response_class=FileResponse,
        responses=_ZIP,
        dependencies=[needs("back-up"), Depends(is_not_cross_site)],
    )
    def backup(at: Asked) -> FileResponse:
        drop = Drop("sensor-hub-backup.zip")
        try:
            of_part(at.writing.data).backup(str(drop.path))
        except BaseException:
            drop.close()
            raise
        return drop.answer("application/zip")

    @router.delete(
        "/athletes/{athlete}",
        summary="Erase everything kept of an athlete, and search for what is left",
        operation_id="erase",
        responses=REFUSED,
        dependencies=[needs("erase", about="athlete"), Depends(writes_json)],
    )
    def erase(athlete: str, at: Asked, body: EraseRequest) -> ReceiptAnswer:
        found = at.view.athlete(athlete)
        if found is None:
            raise NotKnown(labels.no_athlete(athlete))
        if body.display_name != found.tile.athlete.display_name:
            raise HTTPException(409, "display_name is not this person's; nothing was erased")
        who = found.tile.athlete.id  # of somebody who was merged another one than was asked for
        if writing.jobs.is_busy(who):
            raise HTTPException(409, person_labels.erase_later())
        receipt = of_part(at.writing.data).erase(who)
        writing.jobs.forget(who)
        return ReceiptAnswer.of(receipt)

    return router


def put_shoe(data: PersonData, athlete: str, body: ShoeBody) -> Shoe:
    """Add a pair or put one right; 404 if it is not this athlete's."""
    if body.id is None:
        made = data.add_shoe(athlete, body.name, drop_mm=body.drop_mm, start_distance_m=body.start_distance_m)
        if not body.retired:
            return made
        body = body.model_copy(update={"id": made.id})
    if body.id not in {shoe.id for shoe in data.shoes(athlete)}:
        raise HTTPException(404, f"no pair {body.id!r} of this athlete; GET …/shoes lists all")
    return data.change_shoe(
        str(body.id), name=body.name, drop_mm=body.drop_mm, start_distance_m=body.start_distance_m,
        retired=body.retired,
    )  # fmt: skip


def begin_import(writing: WriteSide, data: PersonData, athlete: str, drop: Drop) -> Any:
    """Have a dropped file imported; returns the job, which removes the file at its end."""

    def work(progress: Any) -> Any:
        try:
            return data.import_file(athlete, str(drop.path), drop.path.name, progress)
        finally:
            drop.close()

    return writing.jobs.start(athlete, drop.path.name, work, drop.close)
