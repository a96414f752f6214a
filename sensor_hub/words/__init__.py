"""Every sentence a person reads about load, in one place, for the pages and the command line.

The style: against the runner's own history; a modelled value is called modelled; nothing diagnoses, predicts or
promises. Sentences are looked up by gettext; without a translation they stand as written. Values come in SI or in the
measure's own unit and leave as text; unknown leaves as an en dash, never as zero.
"""

from sensor_hub.words.about import AboutSection, about_sections, about_title
from sensor_hub.words.contact import contact_bias_text
from sensor_hub.words.findings import evidence, finding_headline, finding_sentence, finding_why
from sensor_hub.words.gaps import gap_cause, gap_causes
from sensor_hub.words.loads import LoadFact, MadeBy, exercise_text, instrument_text, load_facts, range_text
from sensor_hub.words.numbers import (
    UNKNOWN,
    age,
    as_a_force,
    bounded,
    clock,
    day_name,
    force,
    impulse,
    known,
    likely,
    number,
    quantity,
    ranged,
    share,
    unit,
    whole,
)
from sensor_hub.words.ratios import ratio_caveat, ratio_lines, ratio_reason
from sensor_hub.words.sums import (
    bridging_note,
    bridging_sentence,
    change_line,
    change_mark,
    sum_rows,
    sums_reason,
)
from sensor_hub.words.terms import (
    ALERT_PROBABILITY,
    cadence_reason,
    confidence_text,
    contact_reason,
    headroom_note,
    headroom_sentence,
    interval_sentence,
    likelihood_text,
    measure_name,
    model_label,
    reason_text,
    safety_text,
    short_measure,
    state_word,
)
from sensor_hub.words.translation import languages, translate, translate_n, use_translations
from sensor_hub.words.warnings import to_mend, warning_text
from sensor_hub.words.wearing import doubt_sentences, wearing_doubt

__all__ = [
    "ALERT_PROBABILITY",
    "UNKNOWN",
    "AboutSection",
    "LoadFact",
    "MadeBy",
    "about_sections",
    "about_title",
    "age",
    "as_a_force",
    "bounded",
    "bridging_note",
    "bridging_sentence",
    "cadence_reason",
    "change_line",
    "change_mark",
    "clock",
    "confidence_text",
    "contact_bias_text",
    "contact_reason",
    "day_name",
    "doubt_sentences",
    "evidence",
    "exercise_text",
    "finding_headline",
    "finding_sentence",
    "finding_why",
    "force",
    "gap_cause",
    "gap_causes",
    "headroom_note",
    "headroom_sentence",
    "impulse",
    "instrument_text",
    "interval_sentence",
    "known",
    "languages",
    "likelihood_text",
    "likely",
    "load_facts",
    "measure_name",
    "model_label",
    "number",
    "quantity",
    "range_text",
    "ranged",
    "ratio_caveat",
    "ratio_lines",
    "ratio_reason",
    "reason_text",
    "safety_text",
    "share",
    "short_measure",
    "state_word",
    "sum_rows",
    "sums_reason",
    "to_mend",
    "translate",
    "translate_n",
    "unit",
    "use_translations",
    "warning_text",
    "wearing_doubt",
    "whole",
]
