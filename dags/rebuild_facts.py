"""Make the facts anew from the answers that were kept, without asking any network.

**What for.** After a reading was mended or a column added: the kept answers of the days are read again, and facts that
say otherwise are corrected (what they held goes to their history, as always). Of each day the latest answer counts.

**When.** By hand, with accounts, streams and days. Then `roll_up_kpis`, so that the weeks say the same.

**If it runs twice.** The second time nothing is written. It may run beside the nightly DAGs: days that are being loaded
are waited for.

**When it is red.** An answer could not be read; the sentence names account, stream, days and when it was fetched. All
others were. Days without a kept answer keep their facts; the log counts them.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from include.orchestration import ingesting
from include.orchestration.defaults import Impact, task_defaults
from include.orchestration.pools import DESK


@dag(
    schedule=None,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args=task_defaults(DESK, execution_timeout=timedelta(hours=23)),
    params={
        "first": Param(type="string", format="date", description="the first day"),
        "last": Param(type="string", format="date", description="the last day"),
        "accounts": Param("all", type="string", description="account keys such as facebook_bottega_aurora, or all"),
        "streams": Param("all", type="string", description="account_day, posts, or all"),
    },
    doc_md=__doc__,
    tags=["metrics", Impact.WEEK],
)
def rebuild_facts() -> None:
    @task
    def rebuild() -> dict[str, int]:
        """Read every kept answer of the days again; gives how many rows that changed."""
        return ingesting.rebuild()

    rebuild()


rebuild_facts()
