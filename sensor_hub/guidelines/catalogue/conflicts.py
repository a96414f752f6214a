"""Where the source texts contradict each other or the literature, and which word holds here."""

from typing import Final

from sensor_hub.model.rule import Conflict

CONFLICTS: Final[tuple[Conflict, ...]] = (
    Conflict(
        "C1",
        "Does stretching help or harm?",
        ("A13", "C04", "E11", "B06", "D39"),
        "It is never the therapy. Without pain it may stay, as prevention and afterwards. At the bone nothing is "
        "stretched with the foot pulled up.",
    ),
    Conflict(
        "C2",
        "Do rest and ice treat it?",
        ("A14", "A17", "C02", "C13", "D37", "B12", "D40"),
        "They are comfort, in the first days. A plan that loads nothing is refused, and weeks without load are "
        "said to be no cure.",
    ),
    Conflict(
        "C3",
        "At which pain does running end?",
        ("D14", "D15", "D33", "D50", "B05", "C01", "D24"),
        "Running: up to 2 it goes on, reduced; above 2 and below 3 it goes on with care and is asked again; from "
        "3 on it ends; above 3 the plan also goes one stage back. Exercise has a gate of its own. A limit of 5 is "
        "for clinicians to set (policy clinician).",
    ),
    Conflict(
        "C4",
        "Which knee position works which muscle?",
        ("D20", "E09"),
        "Straight for the gastrocnemius, bent for the soleus. The tendon's peak load hardly depends on it "
        "(Weinert-Aplin 2015).",
    ),
    Conflict(
        "C5",
        "Over an edge, or on the floor?",
        ("C11", "D21", "D01"),
        "Over an edge only where the trouble is known to sit mid-portion; where nobody knows, on the floor.",
    ),
    Conflict(
        "C6",
        "Is a high heel good or bad?",
        ("B11", "C08", "D35"),
        "More drop takes load off for a while and needs a day on which it ends. The other phrase may mean "
        "something else and has no number, so no rule is made of it.",
    ),
    Conflict(
        "C7",
        "Which strike loads more?",
        ("A23", "C10", "C09"),
        "The literature has the forefoot higher. A change is noticed and told; no strike is ever prescribed.",
    ),
    Conflict(
        "C8",
        "Steroid injections: a remedy, or not the first one?",
        ("A26", "D41"),
        "A clinician decides, and no rule speaks for or against.",
    ),
    Conflict(
        "C9",
        "What the trials of heel drops really showed",
        ("D18", "D45", "D53"),
        "The comparison of 1998 was not randomised: its other group were people for surgery after failed care. "
        "Heavy slow resistance did as well (Beyer 2015). At the bone the low rate is that of the form over an "
        "edge (32 %, Fahlström 2003); on the floor it was 67 % (Jonsson 2008).",
    ),
    Conflict(
        "C10",
        "A tenth more a week",
        ("A01", "D02", "D03"),
        "Kept as a traditional rule that informs: a trial found no effect (Buist 2008). The single run against "
        "the longest of 30 days has cohort evidence (Frandsen 2025), and that rule alerts.",
    ),
    Conflict(
        "C11",
        "Fourteen days, or twenty-four hours?",
        ("A06", "C12", "D16", "D33b"),
        "Both: the 24 hours decide about the next run, the 14 days about seeing somebody.",
    ),
    Conflict(
        "C12",
        "What to call it",
        ("B17", "E13"),
        "Tendinopathy as the general word; the word for inflammation at most for the first days. The program "
        "names neither of anybody.",
    ),
    Conflict(
        "C13",
        "Strength twice a week, or fourteen sessions?",
        ("B03", "D18"),
        "Two or three a week are general or slow heavy strength; the twelve weeks of the protocol are counted apart.",
    ),
    Conflict(
        "C14",
        "Must holds come first?",
        ("B02", "D25", "D36"),
        "They are entered by pain: where lowering hurts too much. Nobody has to begin with them, and later phases "
        "are not skipped.",
    ),
    Conflict(
        "C15",
        "Five steps in order, or a list?",
        ("E08", "E16", "A15", "D38"),
        "A list to tick. Ice is comfort, and medicine stays within its days.",
    ),
)


def conflict_of(conflict_id: str) -> Conflict:
    """Return a conflict by its id, such as "C3"; KeyError if there is none."""
    return {conflict.id: conflict for conflict in CONFLICTS}[conflict_id]
