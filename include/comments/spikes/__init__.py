"""When many negative comments come at once: the detector, pure, from timestamps alone.

At a tick t, with a window of 6 hours and a baseline of 28 days (`judging.py`):

    y    negatives in (t-6h, t]                    N    comments that could be scored in the same window
    mu   mean, sd  deviation of the 6-hour sums over the 28 days ending at t-6h, in hourly steps
    z    (y - mu) / max(sd, 1)
    p0   (negatives + 2) / (scored + 10) of the 28 days
    q    P[Binomial(N, p0) >= y]                   the share gate: did the share of negatives rise?
    r    the rise: z, or the same of the last 4 hours (sd at least 1/2) if that is more
    g    how surprising the risen share is, in standard deviations, in 6 or in 4 hours, whichever is more (`share.py`)

A tick is a *spike* if y >= 5, y >= 2 mu, z >= 2.5, q < 0.01, and g >= 3.2 - 0.4 (r - 5), but never less than 2.4: the
more the number has risen the less must the share have, and the other way round. It is a *surge* if z >= 5 and it is no
spike: more comments, tone unchanged, worth knowing and never an alarm. Before 72 hours of history nothing is said
(*learning*); to day 14 a spike is marked as learning. Severity by z: notice, high from 7.4, critical from 12.

`look` answers for one tick, `looks` for many at once, with the same figures to the last bit. Only what was written by
the tick counts, so any tick can be computed again at any time. What was measured, and why it is not z >= 5 alone:
docs/spikes.md.

    python -m include.comments.spikes comments.jsonl      replays a file tick by tick (`__main__.py`)
"""

from include.comments.spikes.judging import look, looks
from include.comments.spikes.looks import Look, Looks, Severity, Verdict
from include.comments.spikes.sensitivity import BALANCED, SENSITIVE, STRICT, Sensitivity

__all__ = [
    "BALANCED",
    "SENSITIVE",
    "STRICT",
    "Look",
    "Looks",
    "Sensitivity",
    "Severity",
    "Verdict",
    "look",
    "looks",
]
