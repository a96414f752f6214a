"""What each rule is called, by its id."""

from sensor_hub.words.translation import translate as _


def titles() -> dict[str, str]:
    """Names of all rules."""
    return {**_of_load(), **_of_pain(), **_of_plans(), **_of_shoes_and_person(), **_of_texts()}


def _of_load() -> dict[str, str]:
    return {
        "session-limit": _("A session against the highest of the last 30 days"),
        "return-after-break": _("The first runs after a break"),
        "new-hills": _("Hills after weeks without"),
        "new-fast": _("Fast running after weeks without"),
        "hard-days": _("A hard day after a hard day"),
        "hard-spacing": _("Time between fast or hilly runs"),
        "run-spacing": _("Time between runs, as the runner wants it"),
        "week-limit": _("A week against the highest of four"),
        "week-on-week": _("A week against the one before"),
        "week-speed": _("Speed of a week against the one before"),
        "week-runs": _("Number of runs against the week before"),
        "week-climb": _("Climbing of a week against the one before"),
        "build-up": _("Distance building up over four weeks"),
        "surface-change": _("Another ground than usual"),
        "strike-change": _("Another strike than usual"),
        "load-up-unlogged": _("More load while pain is not logged, or grows"),
        "load-alert": _("What stands of the load rules"),
        "load-model": _("The order of loads in the model"),
    }


def _of_pain() -> dict[str, str]:
    return {
        "red-flag": _("Emergencies"),
        "pain-refer": _("Pain that somebody should look at"),
        "place-above": _("Tender higher up than this tendon's middle"),
        "pain-24h": _("The 24 hours after a run"),
        "pain-baseline": _("A runner's usual morning"),
        "worsening": _("Worse from run to run with less load"),
        "pain-over": _("When a word about pain is over"),
        "place": _("Where it hurts"),
        "flares": _("Flares after each increase"),
        "first-signs": _("The first morning stiffness"),
        "pattern": _("Patterns of pain"),
        "symptom": _("What else was noticed"),
        "favouring": _("A leg that is spared"),
        "asking": _("What is asked, and when"),
        "diary-open": _("Questions without an answer"),
        "verdict": _("One answer to what now"),
        "under-load": _("Weeks without any load"),
    }


def _of_plans() -> dict[str, str]:
    return {
        "return-to-running": _("Return to running, in seven stages"),
        "walk-run": _("Minutes of running and walking"),
        "plan-efforts": _("Hard runs before their stage"),
        "clearance": _("A clinician's word before full intensity"),
        "plan-locks": _("What locks a plan"),
        "exercise-form": _("How an exercise is done"),
        "exercise-pain": _("How much an exercise may hurt"),
        "round-a-run": _("Before and after a run"),
        "heel-drops": _("Heel drops, for twelve weeks"),
        "holds": _("Holds"),
        "exercise-phases": _("Phases of exercise"),
        "exercise-support": _("What belongs beside heel drops"),
        "prevention": _("Weeks without preventive work"),
        "strength-days": _("Strength sessions of a week"),
        "loading-not-stretching": _("Loading, and not only stretching"),
        "stay-with-it": _("Staying with it for twelve weeks, and the upkeep"),
        "monitoring": _("How long an episode is watched"),
        "improvement": _("Whether it gets better"),
        "planner": _("What is left, and the next week"),
    }


def _of_shoes_and_person() -> dict[str, str]:
    return {
        "shoe-wear": _("Worn pairs"),
        "drop-switch": _("A quick change to less drop"),
        "drop-ramp": _("Getting used to less drop"),
        "higher-drop": _("More drop for a while"),
        "insert": _("Insoles and lifts"),
        "under-18": _("Under 18: loads only"),
        "fluoroquinolone": _("Antibiotics that weaken tendons"),
        "condition": _("Illness that weakens tendons"),
        "anti-inflammatory": _("Days of anti-inflammatory medicine"),
        "comes-back": _("Trouble that comes back"),
        "first-year": _("The first year after recovery"),
        "vulnerable": _("Who should take more care"),
        "weak-calf": _("Weak calves"),
        "limited-ankle": _("A stiff ankle"),
        "tight-or-too-much": _("Stiffness and too much training"),
        "tape": _("Tape worn for weeks"),
        "age": _("Age"),
        "sleep-and-food": _("Sleep and food"),
        "profile-unknown": _("What is not known of somebody"),
    }


def _of_texts() -> dict[str, str]:
    return {
        "text-first-days": _("The first days"),
        "text-ice": _("Ice, for comfort"),
        "text-injections": _("Injections"),
        "text-claims": _("Said of running style, and not computed here"),
        "text-names": _("What it is called"),
        "text-disclaimer": _("What this is not"),
    }
