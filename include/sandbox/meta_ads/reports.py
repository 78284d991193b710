"""Reports that Meta makes in its own time: begun by a POST, asked after, then read page by page.

https://developers.facebook.com/docs/marketing-api/insights/best-practices/#asynchronous. A report is done at the third
asking; what it holds is what the figures were when it was begun.
"""

from dataclasses import dataclass, field
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount

ASKS_UNTIL_DONE = 2


@dataclass(slots=True)
class Report:
    """One report run, with its rows ready behind the curtain."""

    report_id: str
    account: DeclaredAccount
    rows: list[dict[str, Any]]
    asks: int = 0

    @property
    def is_done(self) -> bool:
        return self.asks >= ASKS_UNTIL_DONE

    def shown(self) -> dict[str, Any]:
        """The run as Graph shows it; each look is one asking."""
        self.asks += 1
        percent = 100 if self.is_done else 100 * self.asks // (ASKS_UNTIL_DONE + 1)
        status = "Job Completed" if self.is_done else "Job Running"
        return {
            "id": self.report_id,
            "account_id": self.account.native_id,
            "async_status": status,
            "async_percent_completion": percent,
            "is_running": not self.is_done,
        }


@dataclass(slots=True)
class Reports:
    """Every report that was begun, by id."""

    runs: dict[str, Report] = field(default_factory=dict)

    def begin(self, account: DeclaredAccount, rows: list[dict[str, Any]]) -> Report:
        report = Report(digits(16, account.key, "report", len(self.runs)), account, rows)
        self.runs[report.report_id] = report
        return report
