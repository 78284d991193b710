"""In which zone an account's days begin, where its platform leaves that to each account."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from include.domain.accounts import Brand
from include.warehouse.tables import ad_entity, web_day


def account_zones(connection: Connection, brands: Iterable[Brand]) -> Mapping[str, str]:
    """By account key: what the account itself said when it was last read, else the zone of its brand."""
    ads = select(ad_entity.c.account, ad_entity.c.extra["timezone"].astext).where(ad_entity.c.level == "account")
    days = select(web_day.c.account, web_day.c.extra["timezone"].astext).where(web_day.c.breakdown == "day")
    latest = days.ext(distinct_on(web_day.c.account)).order_by(web_day.c.account, web_day.c.metric_date.desc())
    told = {account: zone for account, zone in connection.execute(union_all(ads, select(latest.subquery()))) if zone}
    return {account.key: told.get(account.key, brand.timezone) for brand in brands for account in brand.accounts}
