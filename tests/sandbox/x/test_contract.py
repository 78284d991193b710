"""What the sandbox knows of X's contract is what the contract says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from include.sandbox.x import reading, schema
from include.sandbox.x.api import TEMPLATES


@pytest.fixture(scope="module")
def spec(contracts: Path) -> Any:
    return json.loads((contracts / "x" / "openapi-2.166.json").read_text())


def test_every_endpoint_served_is_in_the_contract(spec: Any) -> None:
    assert {re.sub(r":(\w+)", r"{\1}", template) for template in TEMPLATES} <= set(spec["paths"])


@pytest.mark.parametrize(
    ("parameter", "known"),
    [
        ("TweetFieldsParameter", reading.TWEET_FIELDS),
        ("UserFieldsParameter", reading.USER_FIELDS),
        ("MediaFieldsParameter", reading.MEDIA_FIELDS),
        ("TweetExpansionsParameter", reading.EXPANSIONS),
        ("UserExpansionsParameter", reading.USER_EXPANSIONS),
    ],
)
def test_the_names_of_fields_are_the_contracts(spec: Any, parameter: str, known: tuple[str, ...]) -> None:
    assert sorted(known) == sorted(spec["components"]["parameters"][parameter]["schema"]["items"]["enum"])


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("TweetCreateRequest", schema.TWEET_CREATE),
        ("MediaUploadConfigRequest", schema.MEDIA_INITIALIZE),
        ("MediaUploadRequestOneShot", schema.MEDIA_ONE_SHOT),
    ],
)
def test_request_bodies_have_the_contracts_properties_and_values(spec: Any, name: str, ours: schema.Schema) -> None:
    def enums(described: Any) -> Any:
        """Every enumeration below a schema, by its place."""
        if "$ref" in described:
            return enums(spec["components"]["schemas"][described["$ref"].rpartition("/")[2]])
        below = {key: enums(value) for key, value in described.get("properties", {}).items()}
        return (
            sorted(described["enum"]) if "enum" in described else {key: value for key, value in below.items() if value}
        )

    theirs = spec["components"]["schemas"][name]
    assert set(ours["properties"]) == set(theirs["properties"])
    assert set(ours["required"]) == set(theirs.get("required", ()))
    assert enums(ours) == enums(theirs)
