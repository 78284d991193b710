"""In which zone an account's days begin, where its platform leaves that to each account."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from include.domain.accounts import Brand
from include.warehouse.tables import ad_entity


def account_zones(connection: Connection, brands: Iterable[Brand]) -> Mapping[str, str]:
    """By account key: what the ad account itself said when it was last read, else the zone of its brand."""
    query = select(ad_entity.c.account, ad_entity.c.extra["timezone"].astext).where(ad_entity.c.level == "account")
    told = {account: zone for account, zone in connection.execute(query) if zone}
    return {account.key: told.get(account.key, brand.timezone) for brand in brands for account in brand.accounts}
