"""What one DAG makes and another waits for."""

from airflow.sdk import Asset

AD_CHANGES_TO_APPROVE = Asset("ad_changes_to_approve")
"""Proposed changes of ad budgets that are not put in Airflow yet (rows of `pacing_action`)."""

TEXTS_TO_APPROVE = Asset("texts_to_approve")
"""Planned texts that an approver has not been asked about yet (rows of `post`)."""
