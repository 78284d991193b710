"""A property that is asked for once per object, without a lock.

Until Python 3.12 `functools.cached_property` holds one lock for all objects of a class while it computes: hooks that
ask their network who they are would wait for each other, and a network that hangs would stop all of them.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class remembered(Generic[Value]):  # noqa: N801 - it is used as a decorator
    """Two threads that ask one object at the same time may both compute it; the last one's answer stays."""

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, of: None, owner: type) -> "remembered[Value]": ...
    @overload
    def __get__(self, of: object, owner: type) -> Value: ...
    def __get__(self, of: object | None, owner: type) -> "remembered[Value] | Value":
        if of is None:
            return self
        value = of.__dict__[self.name] = self.compute(of)
        return value
