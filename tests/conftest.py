"""What several test files share."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import hypothesis
import jaxtyping
import pytest
import torch

torch.set_num_threads(1)
hypothesis.settings.register_profile("dlbasic", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("dlbasic")


@pytest.fixture
def refuses() -> Callable[[str], AbstractContextManager[None]]:
    """A context in which a call must raise a `ValueError` whose message holds the given words.

    The tests run every annotated axis through beartype, which would refuse a wrong shape first;
    a user has no such guard, so it is off inside the context.
    """

    @contextmanager
    def refusing(words: str) -> Iterator[None]:
        jaxtyping.config.update("jaxtyping_disable", True)
        try:
            with pytest.raises(ValueError, match=re.escape(words)):
                yield
        finally:
            jaxtyping.config.update("jaxtyping_disable", False)

    return refusing
