"""What a brand is told of several accounts, by the rule that each KPI states. Pure."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from include.kpis.completeness import MAY_CHANGE, Standing
from include.kpis.definitions import KPIS, Across, Family, Kpi
from include.kpis.figures import Figure, Slice

Accounts = Mapping[str, Figure]

CANNOT_BE_ADDED = "the same people may be in several accounts and cannot be added: see each account"
UPPER_BOUND = "upper bound: who follows several accounts is counted in each"


def across(accounts: Mapping[str, Mapping[Slice, Figure]]) -> dict[Slice, Figure]:
    """The brand's figures from those of its accounts (by key). A single account's are the brand's."""
    if len(accounts) == 1:
        return dict(next(iter(accounts.values())))
    slices = sorted({one for figures in accounts.values() for one in figures})
    return {
        one: _brand(KPIS[one[0]], {key: _part(figures, one) for key, figures in accounts.items()}) for one in slices
    }


def _part(figures: Mapping[Slice, Figure], one: Slice) -> Figure:
    """An account's figure. A content type or a page that it did not use is nothing, if its week is known at all."""
    if one in figures:
        return figures[one]
    basis = figures[("referral_sessions" if KPIS[one[0]].family is Family.WEBSITE else "posts_published", "")]
    nothing = None if basis.numerator is None else Fraction(0)
    return Figure(nothing, nothing if KPIS[one[0]].denominator else None, basis.standing)


def _brand(kpi: Kpi, accounts: Accounts) -> Figure:
    if kpi.across is Across.NEVER:
        return Figure(None, standing=_together(accounts)).noting(CANNOT_BE_ADDED)
    if kpi.across is Across.RATIO_OF_GIVEN:
        return _of_given(accounts)
    figure = _of_all(accounts, ratio=kpi.across is Across.RATIO_OF_ALL)
    return figure.noting(UPPER_BOUND) if kpi.name == "followers" and figure.numerator is not None else figure


def _of_all(accounts: Accounts, *, ratio: bool) -> Figure:
    """The sums over all accounts; nothing where one of them is unknown, for a part would pass for the whole."""
    stands = _together(accounts)
    numerators = [figure.numerator for figure in accounts.values()]
    denominators = [figure.denominator for figure in accounts.values()] if ratio else []
    if None in numerators or None in denominators:
        return Figure(None, standing=stands)
    return Figure(_sum(numerators), _sum(denominators) if ratio else None, stands)


def _of_given(accounts: Accounts) -> Figure:
    given = {key: one for key, one in accounts.items() if one.numerator is not None and one.denominator is not None}
    figure = _of_all(given, ratio=True) if given else Figure(None)
    left_out = {key: one for key, one in accounts.items() if key not in given}
    return figure.noting(*(f"without {key}: {'; '.join(one.standing.notes)}" for key, one in left_out.items()))


def _together(accounts: Accounts) -> Standing:
    """Final if all are; each note under its account's name, but for the one that means the same for all."""
    whole = Standing()
    for key, figure in accounts.items():
        notes = tuple(note if note == MAY_CHANGE else f"{key}: {note}" for note in figure.standing.notes)
        whole = whole.and_(Standing(figure.standing.is_final, notes))
    return whole


def _sum(values: Iterable[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction(0))
