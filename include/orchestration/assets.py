"""What one DAG makes and another waits for."""

from airflow.sdk import Asset

TEXTS_TO_APPROVE = Asset("texts_to_approve")
"""Planned texts that an approver has not been asked about yet (rows of `post`)."""
