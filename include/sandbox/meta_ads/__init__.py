"""Meta's Marketing API for ad accounts: campaigns, ad sets and ads, insights at once or as a report, budgets changed.

Shapes from Meta's own API specs (AdAccount, Campaign, AdSet, Ad, AdsInsights, AdReportRun, of 2026-04-15) and
developers.facebook.com/docs/marketing-api.
"""

from include.sandbox.meta_ads.api import serve

__all__ = ["serve"]
