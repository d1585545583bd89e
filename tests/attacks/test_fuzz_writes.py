"""Every write route under requests made up from our own OpenAPI document, right ones and bent ones.

Whatever is sent: no answer is a server's failure, a refusal is in our form, and each status is one
that the document promises.
"""

import zlib
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode

from core.cli.server import create_app
from core.settings import Settings
from tests.attacks.conftest import Server

pytestmark = pytest.mark.long
WRITES = ("PUT", "PATCH", "POST", "DELETE")
KNOWN = ("tryout", "tryout-u", "tryout-l", "rival", "fuzz-1", "fuzz-2", "ana", "maple")
ODD: tuple[Any, ...] = (
    None,
    True,
    "",
    "x",
    5,
    -1,
    1.5,
    10**30,
    [],
    {},
    ["x"],
    {"sourcedId": "tryout"},
    [[{}]],
)

document = create_app(Settings(data_dir=Path("unopened"))).openapi()
schema = schemathesis.openapi.from_dict(document)
# Wrong requests are bent from right ones here: the library takes seconds for each of its own.
schema.config.generation.update(modes=[GenerationMode.POSITIVE], with_security_parameters=False)
writes = schema.include(method=list(WRITES))
LIVELY = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture(scope="module")
def clients(server: Server) -> list[httpx.Client]:
    return [server.client("tryout"), server.client("rival")]


def bent(body: Any, choice: int) -> Any:
    """The body with one member, at some depth, put in another's place."""
    body = deepcopy(body)
    target = body
    while isinstance(target, dict) and target:
        name = sorted(target)[choice % len(target)]
        inner = target[name]
        choice //= 3
        if not (isinstance(inner, dict) and inner and choice % 2):
            target[name] = ODD[choice % len(ODD)]
            break
        target = inner
    return body


@writes.parametrize()
@LIVELY
def test_a_write_route_never_fails(case: Case[Any], clients: list[httpx.Client]) -> None:
    choice = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
    for place, name in enumerate(case.path_parameters or {}):
        if choice % 8:  # most made-up ids are of nothing
            case.path_parameters[name] = KNOWN[(choice >> place) % len(KNOWN)]
    if choice % 3 and isinstance(case.body, dict):
        case.body = bent(case.body, choice)
    client = clients[choice % 2]
    sent = case.as_transport_kwargs(base_url=str(client.base_url))
    headers = {**sent.pop("headers"), "Authorization": client.headers["Authorization"]}
    sent.pop("cookies", None)
    answer = client.request(headers=headers, **sent)
    assert answer.status_code < 500, answer.text[:500]
    promised = case.operation.definition.raw["responses"]
    assert str(answer.status_code) in promised, (answer.status_code, sent, answer.text[:300])
    if answer.is_client_error and "/auth/" not in case.path:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["requestId"] == answer.headers["x-request-id"]
