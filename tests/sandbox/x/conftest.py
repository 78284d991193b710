"""Asking X: every answer is checked against the published OpenAPI description where it stands beside the checkout."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from include.sandbox.running import RunningSandbox

CONTRACT = Path(__file__).resolve().parents[4] / "shared" / "contracts" / "x" / "openapi-2.166.json"


@pytest.fixture(scope="session")
def contract() -> OpenAPI | None:
    """The contract, without two demands that the documentation's own examples do not meet: a `meta` beside an upload's
    data, and a `type` in its processing_info."""
    if not CONTRACT.is_file():
        return None
    spec = json.loads(CONTRACT.read_text())
    schemas = spec["components"]["schemas"]
    for name in ("MediaUploadResponse", "MediaUploadAppendResponse", "ProcessingInfo"):
        del schemas[name]["required"]
    return OpenAPI.from_dict(
        spec,
        config=Config(spec_validator_cls=None, extra_media_type_deserializers={"application/problem+json": json.loads}),
    )


@pytest.fixture
def x(here: RunningSandbox, http: requests.Session, contract: OpenAPI | None) -> Callable[..., requests.Response]:
    """Ask X as Bottega Aurora: x("GET", "/2/users/me", **{"user.fields": "public_metrics"})."""

    def ask(method: str, path: str, token: str = "x-aurora", **params: Any) -> requests.Response:
        files, body = params.pop("files", None), params.pop("json", None)
        form = params.pop("data", None)
        answer = http.request(
            method,
            f"{here.url}/x{path}",
            params=params,
            json=body,
            data=form,
            files=files,
            headers={"Authorization": f"Bearer {token}"},
            timeout=5,
        )
        if contract is not None:
            validate(contract, answer, method, path)
        return answer

    return ask


def validate(contract: OpenAPI, answer: requests.Response, method: str, path: str) -> None:
    kind = answer.headers["content-type"].partition(";")[0]
    asked = MockRequest("https://api.x.com", method.lower(), path)
    contract.validate_response(asked, MockResponse(answer.content, answer.status_code, answer.headers, kind))
