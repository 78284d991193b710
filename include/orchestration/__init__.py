"""Where the desk meets Airflow: the only part of `include/` that imports it, and that joins platforms to the business.

Modules here are imported by every DAG file, so they import nothing heavy; what a task needs it imports when it runs.
"""

import sys

from include.settings import ROOT

# Airflow puts its plugins folder on the path; a command that is started outside Airflow finds the platforms here.
if (plugins := str(ROOT / "plugins")) not in sys.path:
    sys.path.append(plugins)
