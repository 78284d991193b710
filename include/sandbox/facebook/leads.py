"""A Page's lead forms and what people left in them: `GET /{page}/leadgen_forms`, `GET /{form}/leads`.

Fields from the contract (LeadgenForm, Lead); the time filter as developers.facebook.com/documentation/ads-commerce/
marketing-api/guides/lead-ads/retrieving has it, read on 2026-11-24. The seeded world has three forms, one of them
archived, and a lead every other day or so, from an ad or without one. Leads are to be had for ninety days.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from include.sandbox.chance import chance, digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import invalid
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen
from include.sandbox.facebook.moments import written
from include.sandbox.facebook.paging import page_of
from include.sandbox.meta_ads.campaigns import Campaign, Share, ads_of, campaigns_of
from include.sandbox.meta_ads.creatives import page_of as page_that_shows
from include.sandbox.state import Sandbox
from include.sandbox.world.people import person

FORMS = (("Newsletter", "ACTIVE"), ("Corporate orders", "ACTIVE"), ("Summer tasting", "ARCHIVED"))
FORM_DEFAULT = (Field("id", {}), Field("locale", {}), Field("name", {}), Field("status", {}))
LEAD_DEFAULT = (Field("created_time", {}), Field("id", {}), Field("field_data", {}))
WANTS = ("Un preventivo per 60 pacchi", "A price for 20 bags", "ຂໍລາຄາ 20 ຖົງ", "Call me in the morning, please")
KEPT = timedelta(days=90)
OPERATORS = ("GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL")
EVERY_DAYS = {"ACTIVE": 2, "ARCHIVED": 9}
MOST = 500


@dataclass(frozen=True, slots=True)
class Form:
    """One lead form of a Page."""

    form_id: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class WorldLead:
    """One lead, and the ad that brought it, if an ad did."""

    lead_id: str
    created_at: datetime
    fields: tuple[tuple[str, str], ...]
    ad: Share | None
    campaign: Campaign | None


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """The forms of one Page. `root` is the versioned API's address."""

    sandbox: Sandbox
    account: DeclaredAccount
    root: str

    def forms(self) -> list[Form]:
        return [
            Form(digits(16, self.sandbox.seed, self.account.key, "form", number), name, status)
            for number, (name, status) in enumerate(FORMS)
        ]

    def find(self, node: str) -> Form | None:
        return next((form for form in self.forms() if form.form_id == node), None)

    def list_forms(self, fields: tuple[Field, ...], asked: Mapping[str, Any]) -> dict[str, Any]:
        """`GET /{page}/leadgen_forms`."""
        forms, edge = self.forms(), f"{self.root}/{self.account.native_id}/leadgen_forms"
        shown, paging = page_of(forms, [form.form_id for form in forms], asked, edge)
        return {"data": [self.form(form, fields) for form in shown], "paging": paging}

    def form(self, form: Form, fields: tuple[Field, ...]) -> dict[str, Any]:
        plain = {
            "id": form.form_id,
            "name": form.name,
            "status": form.status,
            "locale": "en_US",
            "page_id": self.account.native_id,
            "leads_count": len(self.leads(form)),
            "questions": [{"key": "full_name"}, {"key": "email"}, {"key": "phone_number"}],
        }
        return chosen("LeadgenForm", fields or FORM_DEFAULT, lambda field: plain.get(field.name, UNKNOWN))

    def list_leads(self, form: Form, fields: tuple[Field, ...], asked: Mapping[str, Any]) -> dict[str, Any]:
        """`GET /{form}/leads`, the newest first."""
        leads = [lead for lead in reversed(self.leads(form)) if _passes(lead, asked.get("filtering"))]
        edge = f"{self.root}/{form.form_id}/leads"
        shown, paging = page_of(leads, [lead.lead_id for lead in leads], asked, edge, MOST)
        data = [
            chosen("Lead", fields or LEAD_DEFAULT, lambda field, lead=lead: self._lead(form, lead, field))  # type: ignore[misc]
            for lead in shown
        ]
        return {"data": data, **({"paging": paging} if paging else {})}

    def leads(self, form: Form) -> list[WorldLead]:
        """Those of the last ninety days, the oldest first."""
        now = self.sandbox.clock.now()
        days = ((now - timedelta(days=n)).date() for n in range(KEPT.days, -1, -1))
        found = (self._of_day(form, datetime(day.year, day.month, day.day, tzinfo=UTC)) for day in days)
        return [lead for lead in found if lead and now - KEPT <= lead.created_at <= now]

    def _of_day(self, form: Form, day: datetime) -> WorldLead | None:
        draw = chance(self.sandbox.seed, form.form_id, "lead", day.date())
        if draw.randrange(EVERY_DAYS[form.status]):
            return None
        who = person(
            self.sandbox.seed, "facebook", self.account.language, self.account.key, 1000 + day.toordinal() % 997
        )
        asked = draw.choice(
            ("Un preventivo per 60 pacchi", "A price for 20 bags", "ຂໍລາຄາ 20 ຖົງ", "Call me in the morning")
        )
        fields = [("full_name", who.name), ("email", f"{who.username}@people.example")]
        fields += [("phone_number", f"+39055{digits(6, who.username)}"), ("what_do_you_need?", asked)]
        campaign, ad = self._ad(draw.randrange(1000), day) if draw.random() < 0.8 else (None, None)
        at = day + timedelta(seconds=draw.randrange(86400))
        return WorldLead(digits(16, form.form_id, day.date()), at, tuple(fields), ad, campaign)

    def _ad(self, number: int, day: datetime) -> tuple[Campaign | None, Share | None]:
        shown = list(self._ads(day))
        return shown[number % len(shown)] if shown else (None, None)

    def _ads(self, day: datetime) -> Iterator[tuple[Campaign, Share]]:
        for ad_account in self.sandbox.accounts("meta_ads"):
            if page_that_shows(self.sandbox, ad_account) == self.account:
                for campaign in campaigns_of(self.sandbox, ad_account):
                    if campaign.start <= day and (campaign.stop is None or day < campaign.stop):
                        yield from ((campaign, ad) for ad in ads_of(self.sandbox.seed, campaign))

    def _lead(self, form: Form, lead: WorldLead, field: Field) -> Any:
        plain = {
            "id": lead.lead_id,
            "created_time": written(lead.created_at),
            "field_data": [{"name": name, "values": [value]} for name, value in lead.fields],
            "form_id": form.form_id,
            "ad_id": lead.ad.id if lead.ad else None,
            "ad_name": lead.ad.name if lead.ad else None,
            "adset_id": lead.ad.above if lead.ad else None,
            "campaign_id": lead.campaign.campaign_id if lead.campaign else None,
            "campaign_name": lead.campaign.name if lead.campaign else None,
            "is_organic": lead.ad is None,
            "platform": "fb",
        }
        return plain.get(field.name, UNKNOWN)


def _passes(lead: WorldLead, filtering: Any) -> bool:
    """`filtering=[{"field": "time_created", "operator": "GREATER_THAN", "value": 1516682744}]`."""
    if filtering in (None, ""):
        return True
    try:
        rules: Sequence[Mapping[str, Any]] = json.loads(filtering) if isinstance(filtering, str) else filtering
        return all(_passes_one(lead, rule) for rule in rules)
    except (ValueError, TypeError, KeyError):
        raise invalid("filtering must be an array of {field, operator, value}") from None


def _passes_one(lead: WorldLead, rule: Mapping[str, Any]) -> bool:
    at, value = int(lead.created_at.timestamp()), int(rule["value"])
    if rule["field"] != "time_created" or rule["operator"] not in OPERATORS:
        raise invalid(
            f"Filtering field {rule['field']} with operation {str(rule['operator']).lower()} is not supported"
        )
    passes = {OPERATORS[0]: at > value, OPERATORS[1]: at >= value, OPERATORS[2]: at < value, OPERATORS[3]: at <= value}
    return passes[rule["operator"]]
