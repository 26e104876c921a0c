"""The OpenAPI 3.1 document, made from the endpoints' own declarations, so that the two cannot disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, get_args, get_type_hints

import msgspec
from litestar.response import Response
from litestar.routes import BaseRoute, HTTPRoute

from shopcore_http.body import struct_of
from shopcore_http.endpoint import Endpoint
from shopcore_http.errors import ErrorBody, camel
from shopcore_http.examples import example, examples_of, file_example, plain

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"
_PARAMETER = re.compile(r"\{(\w+)\}")

_OF_BODIES = (
    plain(408, "REQUEST_TIMEOUT", "the body did not arrive in time"),
    plain(413, "REQUEST_ENTITY_TOO_LARGE", "the body is larger than 1 MiB"),
    plain(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be sent as application/json in UTF-8"),
)
_OF_COUNTED = plain(429, "RATE_LIMITED", "too many requests; slow down")
_OF_ALL = plain(500, "INTERNAL_SERVER_ERROR", "something went wrong on our side")
_HEADERS: Mapping[int, tuple[str, str]] = {
    401: ("WWW-Authenticate", "Bearer"),
    409: ("Retry-After", "Seconds, with IN_PROGRESS"),
    429: ("Retry-After", "Seconds"),
    503: ("Retry-After", "Seconds"),
}


def document(routes: Iterable[BaseRoute], *, version: str, server: str) -> Json:
    """The document for all of `routes` that were declared as endpoints."""
    declared = [
        (route.path_format, str(verb).lower(), handler.opt["endpoint"])
        for route in routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "endpoint" in handler.opt and handler.opt["endpoint"].tag
        for verb in handler.http_methods
    ]
    declared.sort(key=lambda each: (each[2].tag, each[0], each[1]))
    shapes = _Shapes(each for _, _, each in declared)
    paths: Json = {}
    for path, verb, each in declared:
        shown = _PARAMETER.sub(lambda found: "{" + camel(found[1]) + "}", path)
        paths.setdefault(shown, {})[verb] = _operation(each, shown, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "shopcore", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for _, _, each in declared)],
        "paths": paths,
        "components": {
            "schemas": shapes.components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


_DESCRIPTION = (
    "A shopping cart that holds stock, a checkout that never oversells, and removals that sales can act on.\n\n"
    "Ids are strings; money is a number in major units; times are ISO 8601 in UTC. Every answer has an"
    " `X-Request-Id`, and every error the same body. Sign up, log in, and send the access token as"
    " `Authorization: Bearer ...`."
)

_MAY_LAG = "May be some seconds old where the shop has a replica."


class _Shapes:
    """JSON schemas of everything that the endpoints take and give."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        kinds: list[Any] = [ErrorBody]
        for each in endpoints:
            kinds += [kind for kind in (takes(each), gives(each), each.query) if kind is not None]
        kinds = list(dict.fromkeys(kinds))
        schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
        self.of = {kind: _exact(schema) for kind, schema in zip(kinds, schemas, strict=True)}
        self.components = {name: _exact(schema) for name, schema in sorted(components.items())}

    def example(self, kind: Any) -> Any:
        return example(self.of[kind], self.components)

    def properties(self, kind: Any) -> tuple[Json, list[str]]:
        schema = self.components[self.of[kind]["$ref"].rpartition("/")[2]]
        return schema["properties"], schema.get("required", [])


def takes(each: Endpoint) -> type[msgspec.Struct] | None:
    """The Struct of the body, None where there is none."""
    hints = get_type_hints(each.function)
    return struct_of(hints["data"]) if "data" in hints else None


def gives(each: Endpoint) -> Any:
    """What the answer's body is, None where it is not JSON."""
    kind = get_type_hints(each.function)["return"]
    if isinstance(getattr(kind, "__origin__", None), type) and issubclass(kind.__origin__, Response):
        kind = get_args(kind)[0]
    return None if each.media or kind in (bytes, str, None, type(None)) else kind


def _exact(schema: Any) -> Any:
    """A msgspec schema as the wire has it: a Decimal is a number, and attributes stand among the other keys."""
    if isinstance(schema, list):
        return [_exact(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return {**{key: value for key, value in schema.items() if key != "format"}, "type": "number"}
    schema = {key: _exact(part) for key, part in schema.items()}
    properties = schema.get("properties")
    if isinstance(properties, dict) and "attributes" in properties:
        del properties["attributes"]
        schema["additionalProperties"] = True
    return schema


def _operation(each: Endpoint, path: str, shapes: _Shapes) -> Json:
    operation: Json = {
        "operationId": each.name,
        "summary": each.summary,
        "tags": [each.tag],
        "parameters": _parameters(each, path, shapes),
        "responses": _responses(each, shapes),
        "security": [] if each.allow is None else [{"bearer": []}],
    }
    told = [" ".join((each.function.__doc__ or "").split()), _MAY_LAG if each.may_lag else ""]
    if any(told):
        operation["description"] = " ".join(filter(None, told))
    if body := takes(each):
        optional = type(None) in get_args(get_type_hints(each.function)["data"])
        operation["requestBody"] = {
            "required": not optional,
            "content": {"application/json": {"schema": shapes.of[body], "example": shapes.example(body)}},
        }
    return operation


def _parameters(each: Endpoint, path: str, shapes: _Shapes) -> list[Json]:
    found = [_parameter("path", name, {"type": "string"}, required=True) for name in _PARAMETER.findall(path)]
    if each.query is not None:
        properties, required = shapes.properties(each.query)
        found += [
            _parameter("query", name, _given(part), required=name in required) for name, part in properties.items()
        ]
    if each.keyed:
        text = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        found.append(_parameter("header", "Idempotency-Key", text, required=False))
    if each.versioned:
        text = {"type": "string", "examples": ['"3"', "*"]}
        found.append(_parameter("header", "If-Match", text, required=False))
    return found


def _given(schema: Json) -> Json:
    """The schema of a query parameter where it is there: a query has no null, and `anyOf` hides what it is."""
    given = [arm for arm in schema.get("anyOf", ()) if arm != {"type": "null"}]
    if len(given) != 1 or len(given) == len(schema["anyOf"]):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf" and (key, value) != ("default", None)}
    return {**given[0], **rest}


def _parameter(where: str, name: str, schema: Json, *, required: bool) -> Json:
    shown = {key: value for key, value in schema.items() if key != "description"}
    told = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": where, "required": required, "schema": shown, **told}


def _responses(each: Endpoint, shapes: _Shapes) -> Json:
    good: Json = {"content": _content(each, shapes), "headers": _good_headers(each)}
    responses: Json = {str(each.status): {"description": HTTPStatus(each.status).phrase, **good}}
    for status, meaning in each.also:
        responses[str(status)] = {"description": meaning, **good}
    shown = [found for kind in each.errors for found in examples_of(kind)]
    shown += [*(_OF_BODIES if each.takes_body else ()), *([_OF_COUNTED] if each.counted else []), _OF_ALL]
    for status, code, body in shown:
        answer = responses.setdefault(str(status), _refusal(status, shapes))
        if "examples" in answer["content"]["application/json"]:
            answer["content"]["application/json"]["examples"][code] = {"value": body}
    return dict(sorted(responses.items()))


def _refusal(status: int, shapes: _Shapes) -> Json:
    answer: Json = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": shapes.of[ErrorBody], "examples": {}}},
    }
    if status in _HEADERS:
        name, meaning = _HEADERS[status]
        answer["headers"] = {name: {"description": meaning, "schema": {"type": "string"}}}
    return answer


def _content(each: Endpoint, shapes: _Shapes) -> Json:
    kind = gives(each)
    if kind is None:
        return {media: {"schema": {"type": "string"}, "example": file_example(media)} for media in each.media}
    return {"application/json": {"schema": shapes.of[kind], "example": shapes.example(kind)}}


def _good_headers(each: Endpoint) -> Json:
    headers = {"X-Request-Id": "The request's id, as it stands in the log"}
    if each.tag == "cart":
        headers["ETag"] = "The cart's version, for If-Match"
    if each.keyed:
        headers["Idempotency-Replayed"] = "true where the answer was given before"
    if each.query is not None and "page" in each.query.__struct_fields__:
        headers["Link"] = "Where the first, previous, next and last page are (RFC 8288)"
    return {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in headers.items()}
