"""A FastAPI router with a route for each call. It needs ``waymark-analytics[fastapi]``."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from waymark_analytics.limits import BODY_MAX_BYTES, FLUSH_REQUEST_MAX_S
from waymark_analytics.service import SegmentService


class _Body(BaseModel):
    """Names may be written as here, or in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class IdentifyRequest(_Body):
    """Who a user is: one of both ids is needed."""

    user_id: str | None = None
    traits: dict[str, Any] | None = None
    anonymous_id: str | None = None


class TrackRequest(_Body):
    """What a user did: one of both ids is needed."""

    user_id: str | None = None
    event: str
    properties: dict[str, Any] | None = None
    anonymous_id: str | None = None


class PageRequest(_Body):
    """A page view: one of both ids is needed."""

    user_id: str | None = None
    category: str | None = None
    name: str | None = None
    properties: dict[str, Any] | None = None
    anonymous_id: str | None = None


class GroupRequest(_Body):
    """The group of a user: one of both ids is needed."""

    user_id: str | None = None
    group_id: str
    traits: dict[str, Any] | None = None
    anonymous_id: str | None = None


class AliasRequest(_Body):
    """Two ids of one user."""

    user_id: str
    previous_id: str


class Success(BaseModel):
    """The answer of every route."""

    success: bool = True


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _BoundedRoute(APIRoute):
    """Answers 413 to a body over the limit, without reading it to its end."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            read = 0

            async def receive() -> Message:
                nonlocal read
                message = await request.receive()
                read += len(message.get("body", b""))
                if read > BODY_MAX_BYTES:
                    raise HTTPException(413, f"the body is larger than {BODY_MAX_BYTES} bytes")
                return message

            return await handler(Request(request.scope, receive))

        return bounded


def segment_router(
    service: SegmentService | None = None,
    *,
    prefix: str = "/segment",
    dependencies: Sequence[Depends] | None = None,
) -> APIRouter:
    """``POST /identify``, ``/track``, ``/page``, ``/group``, ``/alias`` and ``/flush``.

    Without a ``service`` there is one of the environment's settings. It is shut down with the
    application, so that all events are sent. Whoever can reach the routes can send events for any
    user: say by ``dependencies`` who may.
    """
    segment = service or SegmentService()

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(segment.shutdown)

    router = APIRouter(
        prefix=prefix,
        tags=["segment"],
        dependencies=dependencies,
        lifespan=lifespan,
        route_class=_BoundedRoute,
    )

    @router.post("/identify")
    async def identify_user(body: IdentifyRequest, request: Request) -> Success:
        return _done(segment.identify, request, **body.model_dump())

    @router.post("/track")
    async def track_event(body: TrackRequest, request: Request) -> Success:
        return _done(segment.track, request, **body.model_dump())

    @router.post("/page")
    async def track_page(body: PageRequest, request: Request) -> Success:
        return _done(segment.page, request, **body.model_dump())

    @router.post("/group")
    async def group_user(body: GroupRequest, request: Request) -> Success:
        return _done(segment.group, request, **body.model_dump())

    @router.post("/alias")
    async def alias_user(body: AliasRequest, request: Request) -> Success:
        return _done(segment.alias, request, **body.model_dump())

    @router.post("/flush")
    async def flush_events() -> Success:
        if not await run_in_threadpool(segment.flush, FLUSH_REQUEST_MAX_S):
            raise HTTPException(503, "not all events are sent yet; they stay queued")
        return Success()

    return router


def _done(call: Callable[..., None], request: Request, **arguments: Any) -> Success:
    """Makes a call with the request's context. An event that cannot be is answered 400."""
    found = {
        "ip": request.client.host if request.client else None,
        "userAgent": request.headers.get("user-agent"),
    }
    context = {name: value for name, value in found.items() if value is not None}
    try:
        call(context=context, **arguments)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return Success()
