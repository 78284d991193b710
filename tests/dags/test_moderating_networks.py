"""Moderation on every network that listens, through its own API: hidden and shown again, answered once, taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from platforms import every_platform
from tests.dags.test_moderate_comments import answers, says, shown, states

NETWORKS = {
    "facebook": "/comments",
    "instagram": "/replies",
    "x": "/2/tweets",
    "linkedin": "/comments",
    "bluesky": "createRecord",
    "mastodon": "/api/v1/statuses",
}
"""Each network, and where its answers are posted."""
RULES = """\
spam:
  when: {contains: [casinissimo]}
  then: {hide: yes}
  needs_approval: no
late:
  when: {contains: [tardily]}
  then: {draft: sorry}
  needs_approval: no
"""


@pytest.fixture
def brands_yml() -> str:
    accounts = "".join(f"    {network}: ginger\n" for network in NETWORKS)
    head = "ginger:\n  title: Ginger & Sons\n  timezone: Europe/Dublin\n  language: en\n"
    return f'{head}  channel: "#ginger"\n  accounts:\n{accounts}  approvers: [aoi]\n'


@pytest.fixture(autouse=True)
def rules(desk: Any) -> None:
    (desk.directory / "moderation.yml").write_text(RULES, encoding="utf-8")
    sorry = '"*": {answers: {sorry: {en: "We are sorry, and call you today."}}}\n'
    (desk.directory / "answers.yml").write_text(sorry, encoding="utf-8")


def undo(desk: Any) -> None:
    from include.listening import actions  # noqa: PLC0415
    from include.orchestration import moderating  # noqa: PLC0415

    ((action_id,),) = desk.ask("SELECT action_id FROM desk.moderation_action")
    assert actions.want_undone(desk.engine, int(action_id), by="aoi", now=datetime.now(UTC)) == 1
    moderating.carry_out()


def test_every_network_that_moderates_is_tried_here() -> None:
    assert {name for name, platform in every_platform().items() if platform.moderates} == NETWORKS.keys()


@pytest.mark.parametrize("network", [n for n in NETWORKS if "hide" in every_platform()[n].moderates])
def test_a_comment_is_hidden_and_shown_again(desk: Any, network: str) -> None:
    from include.orchestration import moderating  # noqa: PLC0415

    account = f"{network}_ginger"
    comment_id = says(desk, "casinissimo", account=account)
    moderating.judge()
    moderating.carry_out()
    assert states(desk) == [("hide", "applied", "the rule spam")]
    assert shown(desk, account)[comment_id][1] is True
    undo(desk)
    assert shown(desk, account)[comment_id][1] is False


@pytest.mark.parametrize(("network", "endpoint"), NETWORKS.items())
def test_an_answer_whose_own_answer_is_lost_is_found_there_sent_once_and_can_be_taken_back(
    desk: Any, network: str, endpoint: str
) -> None:
    from include.orchestration import moderating  # noqa: PLC0415

    account = f"{network}_ginger"
    says(desk, "You came tardily", account=account)
    before = shown(desk, account)
    moderating.judge()
    desk.fails(platform=network, kind="drop_after", endpoint=endpoint, method="POST")
    moderating.carry_out()
    assert states(desk)[0][:2] == ("answer", "unknown")
    moderating.carry_out()
    moderating.carry_out()
    assert states(desk)[0][:2] == ("answer", "applied")
    (said,) = answers(desk, before, account)
    assert "We are sorry, and call you today." in said
    undo(desk)
    assert answers(desk, before, account) == []
