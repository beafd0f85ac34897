"""scikit-learn's protocol for estimators, without scikit-learn: importing it takes longer than loading a model.

scikit-learn accepts any object with these methods (https://scikit-learn.org/stable/developers/develop.html). It is
imported when an estimator is fitted, or passed to one of its functions.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from sklearn.utils import Tags


class Estimator:
    """Parameters and tags of an estimator: its parameters are the keyword arguments of ``__init__``."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name.

        Args:
            deep: Add the parameters of parameters that are estimators, as ``parameter__name``.
        """
        params = {}
        for name in inspect.signature(type(self)).parameters:
            value = params[name] = getattr(self, name)
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                params |= {f"{name}__{inner}": each for inner, each in value.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters by the names that `get_params` returns.

        Raises:
            ValueError: There is no such parameter.
        """
        known = self.get_params(deep=False)
        for name, value in sorted(params.items()):  # an estimator is set before its own parameters
            own, _, inner = name.partition("__")
            if own not in known:
                raise ValueError(f"{type(self).__name__} has no parameter {own!r}: it has {', '.join(known)}")
            if inner:
                getattr(self, own).set_params(**{inner: value})
            else:
                setattr(self, own, value)
        return self

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        changed = {
            name: value
            for name, value in self.get_params(deep=False).items()
            if repr(value) != repr(defaults[name].default)
        }
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in changed.items())})"

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that the input is a list of mappings, and that fitting needs targets."""
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=True),
            input_tags=InputTags(two_d_array=False, dict=True),
        )


def check_is_fitted(estimator: Estimator, attribute: str) -> None:
    """Check that an estimator has an attribute that it only has when it is fitted.

    Raises:
        sklearn.exceptions.NotFittedError: It has not.
    """
    if not hasattr(estimator, attribute):
        from sklearn.exceptions import NotFittedError

        raise NotFittedError(f"this {type(estimator).__name__} is not fitted: call fit, or load one")
