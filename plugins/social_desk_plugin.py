"""The one Airflow plugin of Social Desk: a link to the runbook in Airflow's menu, where one is set.

Airflow executes every module under plugins/ that `.airflowignore` does not keep from it, as a top-level module of
its bare name; the packages beside this file are therefore listed there, and imported as packages.
"""

import os
from typing import Any

from airflow.plugins_manager import AirflowPlugin

_RUNBOOK = os.environ.get("DESK_RUNBOOK_URL", "")


class SocialDeskPlugin(AirflowPlugin):
    """Found by Airflow by its name."""

    name = "social_desk"
    external_views: list[dict[str, Any]] = (
        [{"name": "Desk runbook", "href": _RUNBOOK, "destination": "nav", "url_route": "desk-runbook"}]
        if _RUNBOOK.startswith(("http://", "https://"))
        else []
    )
