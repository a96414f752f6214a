"""A few examples of every operation by every kind of asker, on a real hub; ``make fuzz-api`` asks for long."""

from tests.adapters.web.api_fuzz import ASKERS, hold, served

EXAMPLES = {"operator": 3, "admin": 2, "runner": 3, "nobody": 1}


def test_every_answer_is_one_that_the_document_tells_of() -> None:
    found = {}
    with served() as one:
        for asker in ASKERS:
            one.ask_as(asker)
            found[asker], broken = hold(one, EXAMPLES[asker])
            assert broken == [], asker
    for asker, answered in found.items():
        print(f"\n{asker}: {dict(sorted(answered.items()))}")
        assert (answered["2xx"] > 5) is (asker != "nobody")
        assert answered["401"] == (0 if asker != "nobody" else answered["4xx"])
