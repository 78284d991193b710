"""Slack as its own SDK talks to it."""

import pytest
from slack_sdk import WebClient

from include.sandbox.running import RunningSandbox


@pytest.fixture
def client(here: RunningSandbox) -> WebClient:
    return WebClient("xoxb-desk", base_url=f"{here.url}/slack/api/", timeout=5)
