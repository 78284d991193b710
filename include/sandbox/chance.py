"""Seeded randomness: the same names always draw the same numbers, in any process."""

import random


def chance(*names: object) -> random.Random:
    """A generator of its own for what `names` describe, such as (seed, account, day)."""
    return random.Random("/".join(str(name) for name in names))


def digits(count: int, *names: object) -> str:
    """`count` digits for `names`, the first never 0: the shape of a platform's numeric ids."""
    return str(chance(*names).randrange(10 ** (count - 1), 10**count))


def letters(count: int, *names: object) -> str:
    """`count` capital letters and digits for `names`: the shape of Slack's ids."""
    return "".join(chance(*names).choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=count))
