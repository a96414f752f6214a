"""Rules that are a text and no more: which rows each stands for; ``words.advice`` has the sentences by the same key."""

from typing import Final

from sensor_hub.model.rule import Parameter, RuleInfo

TEXTS: Final[tuple[RuleInfo, ...]] = (
    RuleInfo(
        "text-first-days",
        "T",
        "text",
        ("A14",),
        "text",
        (Parameter("first_days", 5.0, "d", 1.0, 7.0),),
        "no trial compares it with loading; comfort only",
    ),
    RuleInfo(
        "text-ice",
        "T",
        "text",
        ("A17", "C02", "C03"),
        "text",
        (Parameter("ice_min", 15.0, "min", 5.0, 20.0, ours=False),),
        "eases, and is not known to change the tendon",
    ),
    RuleInfo(
        "text-injections", "T", "text", ("A26", "D41"), "text", evidence="the texts disagree; a clinician's decision"
    ),
    RuleInfo("text-claims", "T", "text", ("A23", "B11"), "contradicted", evidence="claims of the texts, not measured"),
    RuleInfo("text-names", "T", "text", ("B17", "E13"), "consensus", evidence="JOSPT guideline 2024, mid-portion"),
    RuleInfo("text-disclaimer", "T", "text", ("B16",), "text"),
)

# What no notice or finding says, and the program does all the same.
SILENT: Final[tuple[RuleInfo, ...]] = (
    RuleInfo(
        "load-model",
        "S",
        "session",
        ("D04", "D05", "D48"),
        "consensus",
        evidence="how the model's force per step follows slope and speed; docs/for-sports-scientists.md",
    ),
    RuleInfo("sleep-and-food", "P", "profile", ("A27",), "text", evidence="kept and shown; part of no rule"),
)
