"""Where the desk meets Airflow: the only part of `include/` that imports it, and that joins platforms to the business.

Modules here are imported by every DAG file, so they import nothing heavy; what a task needs it imports when it runs.
"""
