"""The methods of the Web API that the sandbox serves, by name."""

from collections.abc import Callable
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.slack import chat, conversations, files, reactions
from include.sandbox.slack.arguments import Arguments
from include.sandbox.state import Sandbox

Method = Callable[[Sandbox, Arguments, Ask], dict[str, Any]]


def auth_test(sandbox: Sandbox, arguments: Arguments, ask: Ask) -> dict[str, Any]:
    slack = sandbox.slack
    return {
        "url": f"https://{slack.team.lower().replace(' ', '-')}.slack.com/",
        "team": slack.team,
        "user": "social_desk",
        "team_id": slack.team_id,
        "user_id": slack.bot_user,
        "bot_id": slack.bot_id,
        "is_enterprise_install": False,
    }


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "chat.getPermalink": chat.permalink,
    "reactions.add": reactions.add,
    "reactions.get": reactions.get,
    "reactions.remove": reactions.remove,
    "conversations.list": conversations.list_channels,
    "conversations.history": conversations.history,
    "conversations.replies": conversations.replies,
    "files.getUploadURLExternal": files.upload_url,
    "files.completeUploadExternal": files.complete,
    "files.info": files.info,
}
