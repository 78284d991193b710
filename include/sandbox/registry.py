"""The platforms that the sandbox serves: each folder beside this file whose `__init__` has a `serve`.

`serve(sandbox)` gives the endpoint for everything below `/<folder>/`. Ids of accounts are `NATIVE_ID_DIGITS` digits
(15 where a folder does not say), or what its `native_id(seed, name)` makes of them where ids are no numbers there.
"""

import functools
import importlib
import pkgutil
from types import ModuleType

import include.sandbox as here
from include.sandbox.chance import digits

NO_PLATFORM = "slack"  # a folder with a `serve` that no brand has accounts on


@functools.cache
def served() -> dict[str, ModuleType]:
    """Every folder with a `serve`, by name; Slack's too."""
    found = [folder.name for folder in pkgutil.iter_modules(here.__path__) if folder.ispkg]
    folders = sorted(
        found, key=lambda name: (name != NO_PLATFORM, name)
    )  # the sandbox's state is made of Slack's parts
    modules = {name: importlib.import_module(f"{here.__name__}.{name}") for name in folders}
    return {name: module for name, module in modules.items() if hasattr(module, "serve")}


def platforms() -> list[str]:
    """The networks, by name."""
    return [name for name in served() if name != NO_PLATFORM]


def native_id(platform: str, seed: int, name: str) -> str:
    """The id of an account on its platform, the same for the same seed."""
    module = served()[platform]
    if hasattr(module, "native_id"):
        return str(module.native_id(seed, name))
    return digits(getattr(module, "NATIVE_ID_DIGITS", 15), seed, platform, name)
