"""Google Analytics 4, Data API v1beta: `runReport` and `batchRunReports` of a property, and the address for tokens.

Shapes from Google's discovery document (analyticsdata v1beta) and developers.google.com/analytics/devguides/reporting.
"""

from include.sandbox.google_analytics.api import serve

NATIVE_ID_DIGITS = 9

__all__ = ["NATIVE_ID_DIGITS", "serve"]
