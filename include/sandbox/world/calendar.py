"""The posts that a brand's people put out by hand: three to seven a week, one of eight weeks' posts goes viral."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from include.sandbox.chance import chance, digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.world.texts import sample_text

FIRST_MONDAY = date(2024, 1, 1)
"""The world begins here; it has no day before."""

KINDS = {
    "instagram": ("image", "image", "carousel", "video"),
    "facebook": ("text", "link", "image", "image", "carousel", "video"),
    "linkedin": ("text", "link", "image", "carousel"),
    "x": ("text", "link", "image", "video"),
}
X_EPOCH_MS = 1288834974657


@dataclass(frozen=True, slots=True)
class WorldPost:
    """A post of the past. `kind` is text, link, image, carousel or video; `pictures` how many images it shows."""

    remote_id: str
    created_at: datetime
    kind: str
    text: str
    link: str | None
    pictures: int
    viral: bool


@lru_cache(maxsize=1 << 15)
def posts_of_week(seed: int, account: DeclaredAccount, week: int) -> tuple[WorldPost, ...]:
    """The posts of week number `week` after the world's first Monday, oldest first."""
    if week < 0:
        return ()
    draw = chance(seed, account.key, "week", week)
    monday = FIRST_MONDAY + timedelta(weeks=week)
    moments = sorted(
        _moment(account, monday, draw.randrange(7), draw.uniform(8, 20)) for _ in range(draw.randint(3, 7))
    )
    viral = len(moments) // 2 if chance(seed, account.key, "viral", week // 8).randrange(8) == week % 8 else None
    return tuple(_post(seed, account, moment, index == viral) for index, moment in enumerate(moments))


def posts_between(seed: int, account: DeclaredAccount, since: datetime, until: datetime) -> list[WorldPost]:
    """The posts with since <= created_at < until, oldest first."""
    first, last = week_of(since.date()) - 1, week_of(until.date()) + 1
    weeks = (posts_of_week(seed, account, week) for week in range(max(first, 0), last + 1))
    return [post for week in weeks for post in week if since <= post.created_at < until]


def week_of(day: date) -> int:
    return (day - FIRST_MONDAY).days // 7


def _moment(account: DeclaredAccount, monday: date, day: int, hour: float) -> datetime:
    local = datetime.combine(
        monday + timedelta(days=day), time(int(hour), int(hour % 1 * 60)), ZoneInfo(account.timezone)
    )
    return local.astimezone(UTC)


def _post(seed: int, account: DeclaredAccount, moment: datetime, viral: bool) -> WorldPost:
    draw = chance(seed, account.key, "post", moment.isoformat())
    kind = "video" if viral else draw.choice(KINDS.get(account.platform, KINDS["x"]))
    link = f"https://{account.brand.replace('_', '-')}.example/{draw.randrange(100, 999)}" if kind == "link" else None
    return WorldPost(
        remote_id=remote_id(account, moment, draw.randrange(1 << 22)),
        created_at=moment,
        kind=kind,
        text=sample_text(account.language, draw),
        link=link,
        pictures={"image": 1, "carousel": draw.randint(2, 6)}.get(kind, 0),
        viral=viral,
    )


def remote_id(account: DeclaredAccount, moment: datetime, salt: int) -> str:
    """An id as the platform makes them: X's and Mastodon's hold the time, Facebook's join Page and story."""
    ms = int(moment.timestamp() * 1000)
    if account.platform == "x":
        return str(((ms - X_EPOCH_MS) << 22) | (salt % (1 << 22)))
    if account.platform == "linkedin":
        return f"urn:li:share:{(ms << 22) | (salt % (1 << 22))}"
    if account.platform == "mastodon":  # the moment and 16 bits of salt
        return str((ms << 16) | (salt % (1 << 16)))
    if account.platform == "bluesky":
        return f"at://{account.native_id}/app.bsky.feed.post/{tid(moment, salt)}"
    if account.platform == "instagram":
        return f"18{ms // 1000}{digits(5, account.key, ms, salt)}"
    return f"{account.native_id}_122{ms // 1000}{digits(5, account.key, ms, salt)}"


def tid(moment: datetime, salt: int) -> str:
    """A record key of the AT Protocol: microseconds and a clock's number in base 32, https://atproto.com/specs/tid."""
    value, letters = (int(moment.timestamp() * 1_000_000) << 10) | (salt % 1024), ""
    for _ in range(13):
        value, index = divmod(value, 32)
        letters = "234567abcdefghijklmnopqrstuvwxyz"[index] + letters
    return letters
