"""The whole desk on this machine: PostgreSQL, the sandbox and Airflow as processes of ours, started and ended cleanly.

`python -m include.local demo` plays a week and ends, `up` keeps it running. Everything lives below one run directory
(`.desk/<name>`); nothing outside it is changed.
"""

import include.orchestration  # noqa: F401 - puts plugins/ on the path
