"""Binds handlers weakly: a signal, an action or a timer does not keep its receiver alive.

GTK holds a handler in C, where Python's garbage collector does not see it: a child with a handler
that is its parent's method would keep both for ever. So `template` and `weak_handlers` bind the
methods `_on_…` of a class weakly. When the object is gone, a call does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FunctionType, MethodType
from typing import Any, Generic, TypeVar, cast
from weakref import ref

Receiver = TypeVar("Receiver", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])
Holder = TypeVar("Holder")


class WeakHandler:
    """A method and its object, which it does not keep alive. Returns None once that is gone."""

    __slots__ = ("_function", "_object")

    def __init__(self, object_: object, function: Callable[..., Any]) -> None:
        self._object = ref(object_)
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        object_ = self._object()
        return None if object_ is None else self._function(object_, *arguments)

    def __eq__(self, other: object) -> bool:
        # Each access makes another handler, and `disconnect_by_func` compares them.
        return isinstance(other, WeakHandler) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[object, object]:
        return self._object, self._function


class _WeaklyBound:
    """A method that is bound as a WeakHandler."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.__wrapped__ = function

    def __get__(self, object_: object | None, owner: type) -> Callable[..., Any]:
        return self.__wrapped__ if object_ is None else WeakHandler(object_, self.__wrapped__)


def weak_handlers(receiver: Receiver) -> Receiver:
    """Decorate a class so that its methods `_on_…` are bound weakly."""
    for name, member in list(vars(receiver).items()):
        if name.startswith("_on_") and isinstance(member, FunctionType):
            setattr(receiver, name, _WeaklyBound(member))
    return receiver


class HeldBy(Generic[Holder]):
    """An attribute for the object that holds this one, which does not hold it in turn.

    Without such a cycle, both are gone at once, and need no garbage collection.
    """

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __set__(self, held: object, holder: Holder) -> None:
        vars(held)[self._name] = ref(holder)

    def __get__(self, held: object, _owner: type) -> Holder:
        holder: Holder | None = vars(held)[self._name]()
        assert holder is not None, "it holds this object"
        return holder


def weakly(function: Function) -> Function:
    """Bind a method weakly, or those in a partial. Raises TypeError for a function with a closure.

    What a closure refers to cannot be bound weakly.
    """
    if isinstance(function, partial):
        arguments = (weakly(one) if isinstance(one, MethodType) else one for one in function.args)
        return cast(Function, partial(weakly(function.func), *arguments, **function.keywords))
    if isinstance(function, MethodType):
        return cast(Function, WeakHandler(function.__self__, function.__func__))
    if isinstance(function, FunctionType) and function.__closure__:
        raise TypeError(f"{function.__qualname__} is not a method")
    return function
