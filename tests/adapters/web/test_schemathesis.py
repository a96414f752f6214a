"""A few examples of every operation by every kind of asker, on a real hub; ``make fuzz-api`` asks for long."""

import pytest

from tests.adapters.web.api_fuzz import hold, served

FEW = {"operator": 2, "runner": 1, "nobody": 1}
MORE = {"operator": 3, "admin": 2, "runner": 3, "nobody": 1}


@pytest.mark.parametrize("examples", [FEW, pytest.param(MORE, marks=pytest.mark.thorough)], ids=["few", "more"])
def test_every_answer_is_one_that_the_document_tells_of(examples: dict[str, int]) -> None:
    found = {}
    with served() as one:
        for asker, n_examples in examples.items():
            one.ask_as(asker)
            found[asker], broken = hold(one, n_examples)
            assert broken == [], asker
    for asker, answered in found.items():
        print(f"\n{asker}: {dict(sorted(answered.items()))}")
        assert (answered["2xx"] > 5) is (asker != "nobody")
        assert answered["401"] == (0 if asker != "nobody" else answered["4xx"])
