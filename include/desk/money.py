"""Money as people write it: an amount, a share of one, and the currency that it is in.

The codes and their decimals are those of ISO 4217 (`LAK` has two, though nobody pays in them).
"""

import re
from decimal import ROUND_DOWN, Decimal

from include.desk.problems import Unfit

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
_WITHOUT_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WHOLE = frozenset(_WITHOUT_CENTS.split())
_THREE = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR", "¥": "JPY", "₭": "LAK"}

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}|[+-]?[1-9]\d{0,2}([.,]\d{3}){2,}")


def decimals(currency: str) -> int:
    """How many digits its smallest unit stands behind the point."""
    return 0 if currency in _WHOLE else 3 if currency in _THREE else 2


def whole_units(amount: Decimal, currency: str) -> Decimal:
    """`amount` without what is less than the currency's smallest unit: a budget is never rounded up."""
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_DOWN)


def read_currency(text: str) -> str:
    """An ISO 4217 code; raises Unfit."""
    code = text.upper()
    if code not in CURRENCIES:
        meant = _SIGNS.get(code, "")
        raise Unfit(f"not an ISO 4217 code; write {f'{meant}, if that is meant' if meant else 'one such as EUR'}.")
    return code


def read_amount(text: str) -> Decimal:
    """`3000`, `-12.5`, `3.000,50` or `3,000.50`; raises Unfit where it could be read in two ways."""
    number = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("'", "")
    if _THOUSANDS.fullmatch(number):
        raise Unfit("thousands or decimals? Write 1500 for thousands, 1.50 for decimals.")
    if not _NUMBER.fullmatch(number):
        raise Unfit("not an amount; write it like 3000 or 12.50, without the currency.")
    point = max(number.rfind("."), number.rfind(","))
    if point < 0:
        return Decimal(number)
    return Decimal(re.sub(r"[.,]", "", number[:point]) + "." + number[point + 1 :])


def read_positive(text: str) -> Decimal:
    """An amount above 0; raises Unfit."""
    amount = read_amount(text)
    if amount <= 0:
        raise Unfit("must be more than 0.")
    return amount


def read_share(text: str) -> Decimal:
    """`60 %` as 0.6; raises Unfit."""
    if not text.endswith("%"):
        raise Unfit("not a share; write it like 60 %.")
    share = read_amount(text[:-1].strip()) / 100
    if share < 0:
        raise Unfit("a share is not below 0 %.")
    return share


def read_amount_or_share(text: str, whole: Decimal) -> Decimal:
    """`250`, or `5 %` of `whole`; raises Unfit for what is below 0."""
    amount = (read_share(text) * whole).normalize() + 0 if text.endswith("%") else read_amount(text)
    if amount < 0:
        raise Unfit("must not be below 0.")
    return amount
