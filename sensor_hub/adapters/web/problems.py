"""What a route's errors answer: a status and a sentence, and nothing of what was sent."""

import math

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.rights import RIGHTS, Forbidden, NotKnown, Rights
from sensor_hub.errors import AccessError, EdgeError, EditError, RegistryError, SensorHubError, SignInRefused


def add_handlers(app: FastAPI) -> None:
    """Have an application answer them."""
    app.add_exception_handler(SensorHubError, _unreadable)
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(EditError, _cannot_be)
    app.add_exception_handler(RegistryError, _cannot_be)
    app.add_exception_handler(EdgeError, _cannot_be)
    app.add_exception_handler(AccessError, _cannot_be)
    app.add_exception_handler(SignInRefused, _refused)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(NotKnown, _not_known)


async def _unreadable(request: Request, problem: Exception) -> Response:
    rights: Rights | None = request.scope.get(RIGHTS)
    if rights is None or rights.asker().kind == "nobody":  # it may name a file or a database
        return JSONResponse({"detail": labels.hub_unreadable()}, status_code=503)
    return JSONResponse({"detail": str(problem)}, status_code=503)


async def _cannot_be(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, status_code=409)


async def _forbidden(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, status_code=403)


async def _not_known(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, status_code=404)


async def _refused(_: Request, problem: Exception) -> Response:
    wait_s = problem.retry_after_s if isinstance(problem, SignInRefused) else 0.0
    if wait_s <= 0:
        return JSONResponse({"detail": str(problem)}, status_code=409)
    return JSONResponse({"detail": str(problem)}, status_code=429, headers={"Retry-After": str(math.ceil(wait_s))})


async def _unusable(_: Request, problem: Exception) -> Response:
    """Name the fields, and echo no value: a NaN in it could not be told in JSON, and another may be a password."""
    errors = problem.errors() if isinstance(problem, RequestValidationError) else []
    detail = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in errors]
    return JSONResponse({"detail": detail}, status_code=422)
