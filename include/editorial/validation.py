"""Every objection to a post of the plan: its network's, its brand's, and what is wrong with its media."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from include.desk.problems import Unfit
from include.domain.accounts import Account, Brand
from include.domain.posts import Post
from include.editorial.brand_rules import rule_problems
from include.editorial.looking import Looker
from include.editorial.networks import Limits, Network
from include.editorial.report import Fix

UNREACHED = "the desk cannot publish there yet; take it out of accounts."


@dataclass(frozen=True, slots=True)
class Validation:
    """Judges posts. `networks` are those that can be published to, by platform; `limits` what the accounts' own servers
    said, by account; `budgets` the names that a sponsor may have (None: nobody knows them)."""

    networks: Mapping[str, Network]
    limits: Mapping[str, Limits] = field(default_factory=dict)
    budgets: Collection[str] | None = None
    looker: Looker | None = None

    def seen(self, post: Post) -> tuple[Post, list[str]]:
        """The post with the facts of its media, and what is wrong with them."""
        media, problems = [], []
        for each in post.media:
            try:
                media.append(self.looker.look(each) if self.looker else each)
            except Unfit as unfit:
                media.append(each)
                problems.append(str(unfit))
        return replace(post, media=tuple(media)), problems

    def fixes(self, row: int, brand: Brand, posts: Sequence[tuple[Post, list[str]]]) -> list[Fix]:
        """What is to be corrected in a row, each thing once. `posts` are its posts with what is wrong with their media.

        What every post of the row has in common is about the row, and named without a network.
        """
        said: dict[tuple[str, bool], dict[str, None]] = {}  # sentence and kind -> the networks that it is about
        accounts = {account.key: account for account in brand.accounts}
        for post, broken in posts:
            account = accounts[post.account]
            for sentence, is_common in self._objections(post, account, brand, broken):
                said.setdefault((sentence, is_common), {})[self.title(account)] = None
        everywhere = {self.title(accounts[post.account]) for post, _ in posts}
        found = []
        for (sentence, is_common), titles in said.items():
            places: Iterable[str] = [""] if is_common and titles.keys() == everywhere else titles
            found += [Fix(row, brand.title, title, sentence, brand.key) for title in places]
        return found

    def title(self, account: Account) -> str:
        network = self.networks.get(account.platform)
        return network.title if network else account.platform.replace("_", " ").title()

    def _objections(
        self, post: Post, account: Account, brand: Brand, broken: Iterable[str]
    ) -> Iterator[tuple[str, bool]]:
        """Each sentence, and whether it is of the kind that all networks share."""
        yield from ((sentence, True) for sentence in broken)
        yield from ((sentence, True) for sentence in rule_problems(post, brand.rules, self.budgets))
        if account.manual:
            return  # a person who pastes it sees what the network says
        network = self.networks.get(account.platform)
        if network is None:
            yield UNREACHED, False
        elif not broken:
            yield from ((each, False) for each in network.objections(post, self.limits.get(account.key, {})))
