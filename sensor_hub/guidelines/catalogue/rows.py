"""Every row of the five source texts: which text, what it asks for in our words, and what became of it.

The texts' own sentences are not here. A row names its text by file and id; where two texts contradict each other it
names the conflict that decided (``conflicts``).
"""

from dataclasses import dataclass
from typing import Final

from sensor_hub.model.rule import RuleClass

SOURCES: Final = {
    "A": "000_8946078c22c6070e.txt",
    "B": "001_0c274f6a3eca3126.txt",
    "C": "002_156f0c6d005919fd.txt",
    "D": "003_096979cb830076c1.txt",
    "E": "004_ba09ec63c7296cb5.txt",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row. asks : what it asks for, in our words. conflict : "" without one. reason : why it is refused, "" else."""

    id: str
    kind: RuleClass
    asks: str
    conflict: str = ""
    reason: str = ""

    @property
    def source(self) -> str:
        """File name of its text."""
        return SOURCES[self.id[0]]

    @property
    def refused(self) -> bool:
        """Whether nothing is made of it."""
        return bool(self.reason)


ROWS: Final[tuple[Row, ...]] = (
    Row("A01", "S", "A week's distance and its mean speed each grow by a tenth at most.", "C10"),
    Row("A02", "S", "Say when distance, speed or the number of runs jumps from week to week, and which of them."),
    Row("A03", "S", "Hills or fast running after weeks without; less time between two runs than the runner wants."),
    Row("A04", "P", "A pair is due from 483 km on, overdue at 805 km or when its owner finds it worn."),
    Row("A05", "P", "Sudden strong pain, no weight on the leg, or a pop: emergency, every plan is locked."),
    Row("A06", "P", "Pain on more than 14 days in a row, severe pain, or no walking: to a specialist.", "C11"),
    Row("A07", "P", "Slight pain that goes soon leaves easy movement; lasting or growing pain ends running."),
    Row("A08", "P", "After an episode full intensity waits for a clinician's dated word."),
    Row("A09", "P", "Runs on weekends only, less than a year of running, or a recent episode: more care is due."),
    Row("A10", "P", "A fluoroquinolone, a metabolic or a chronic illness: careful limits, and a talk with a doctor."),
    Row("A11", "P", "With age a tendon takes load less well; said, and no factor is made up."),
    Row("A12", "P", "Eight weeks of a plan without getting better: have the plan looked at."),
    Row("A13", "P", "Warming up is on the list before a run; stretching only where nothing speaks against it.", "C1"),
    Row("A14", "T", "Resting, cooling, wrapping and raising the leg: comfort of the first days, never the plan.", "C2"),
    Row("A15", "P", "Anti-inflammatory medicine is for a few days and a doctor's business.", "C15"),
    Row("A16", "P", "An insole or a heel lift can be noted, and stands beside the runs it was worn in."),
    Row("A17", "T", "Cooling afterwards is for comfort and is called that.", "C2"),
    Row("A18", "P", "Where running is closed, sports without landing are offered."),
    Row("A19", "P", "Morning stiffness and pain after a run can be said, with place and level."),
    Row("A20", "P", "A weak push-off can be said; it is not the emergency of no rise on the toes."),
    Row("A21", "P", "The text of an emergency names imaging as something a doctor may want."),
    Row("A22", "P", "Minutes of other sports are kept and add nothing to the running load."),
    Row("A23", "T", "How a foot rolls or lands is told as a claim; nothing is computed from it.", "C7"),
    Row("A24", "P", "Two or more episodes within a year: a look at how one moves is suggested."),
    Row("A25", "P", "The diary asks every day while there is reason to; no answer is unknown, never fine."),
    Row("A26", "T", "Injections are told as a clinician's decision and nothing else.", "C8"),
    Row("A27", "P", "Sleep and food can be noted and change no number."),
    Row("B01", "P", "A hold counts when it lasts 30 to 45 seconds."),
    Row("B02", "P", "Holds, then slow heavy work, then jumps and drills; leaving one out is refused.", "C14"),
    Row("B03", "P", "Two or three strength sessions a week, beside the protocol and not instead of it.", "C13"),
    Row("B04", "P", "An episode is watched for eight weeks at least, for twelve unless said otherwise."),
    Row("B05", "P", "Slight pain under load is allowed; how much, the table of the 24 hours says.", "C3"),
    Row("B06", "P", "A plan that stretches and loads nothing is no plan.", "C1"),
    Row("B07", "P", "Every exercise plan has work with the knee bent."),
    Row("B08", "P", "A pair with less drop than the last one begins a transition."),
    Row("B09", "S", "More distance, or more climbing, than the weeks before."),
    Row("B10", "S", "Another ground than usual: track, trail and treadmill are told apart."),
    Row("B11", "T", "Long steps, a sinking heel, a stiff hip: told as claims; no sensor here sees the last two.", "C6"),
    Row("B12", "P", "Two weeks without any load on the tendon in an episode: said, rest alone builds nothing.", "C2"),
    Row("B13", "S", "The first runs after a break stay well below what was usual before it."),
    Row("B14", "P", "Pain that flares after each of several increases: they came too quickly."),
    Row("B15", "P", "Trouble that comes back: having the gait looked at is suggested."),
    Row("B16", "T", "Plans and alerts carry the words that this is information and replaces no doctor."),
    Row("B17", "T", "The general word for the trouble is tendinopathy.", "C12"),
    Row("C01", "P", "Strong pain after a run that does not become less: no running for now.", "C3"),
    Row("C02", "T", "Cooling is for a quarter of an hour at a time, several times a day if wanted.", "C2"),
    Row("C03", "T", "Something between ice and skin, always."),
    Row("C04", "P", "Warmth comes before moving the ankle through its range.", "C1"),
    Row("C05", "P", "Tape worn for weeks: a reminder that it is a passing help."),
    Row("C06", "P", "Rolling the calf afterwards is on the list, to be left out at will."),
    Row("C07", "P", "Swimming and rowing are among the sports that are offered."),
    Row("C08", "P", "More drop or a lift for a while, with a day on which it ends.", "C6"),
    Row("C09", "S", "A change of strike is noticed; the program never asks for one.", "C7"),
    Row("C10", "S", "More landing on the forefoot than usual is said, for it loads more.", "C7"),
    Row("C11", "P", "Heel drops over an edge only where the trouble is known to sit mid-portion.", "C5"),
    Row("C12", "P", "No improvement leads to a doctor, by the 14 days and by worsening alike.", "C11"),
    Row("C13", "T", "Rest and cooling as the treatment of most cases.", "C2",
        "Rest and ice treat nothing lastingly and three of the texts say so: they are comfort for the first days, and "
        "no plan here consists of them."),
    Row("C14", "P", "Weak calves, if said, are noted as something that shifts load to the tendon."),
    Row("C15", "P", "A stiff ankle or too much training is noted as a frequent companion."),
    Row("D01", "P", "Where it hurts tells the kind: 2 to 6 cm up and thick, at the bone, or not known.", "C5"),
    Row("D02", "S", "A week's distance is held against the week before it, a tenth more at most.", "C10"),
    Row("D03", "S", "From 30 to 50 km within four weeks has to alarm.", "C10"),
    Row("D04", "S", "The model's load rises with the slope; hills that are new are said."),
    Row("D05", "S", "The model's peak rises with speed; fast running that is new is said."),
    Row("D06", "P", "From 10-12 mm of drop to 6 or less: alarm within three months, worse within a week."),
    Row("D07", "S", "Back to the old distance after two or three weeks off or halved: alarm, watched for four weeks."),
    Row("D08", "P", "A weak or tight calf, if said, is noted; a strength test stays optional."),
    Row("D09", "P", "Worst in the first minutes and better when warm: kept as a pattern, not as a diagnosis."),
    Row("D10", "P", "Pain on getting up after an hour of sitting: kept as a pattern."),
    Row("D11", "P", "Soreness half an hour to an hour after a run, or that evening: the run was too much."),
    Row("D12", "P", "A pop, no weight on the leg, no rise on the toes, strong bruising and swelling: emergency."),
    Row("D13", "P", "Stiff only in the first kilometre and quiet for a day: 50 to 70 % of the distance, easy, flat."),
    Row("D14", "P", "Up to 2, gone when warm, settled in a day: run less, easy and flat, with the exercise.", "C3"),
    Row("D15", "P", "From 3 on, or pain that stays through the run: no running, other sports, the exercise.", "C3"),
    Row("D16", "P", "Still raised a day later: no running, the exercise, a physiotherapist.", "C11"),
    Row("D17", "P", "Worse from run to run although the load falls: stop and have it looked at."),
    Row("D18", "P", "Three times fifteen, morning and evening, for twelve weeks.", "C9"),
    Row("D19", "P", "The way down takes three to five seconds."),
    Row("D20", "P", "Knee straight for the gastrocnemius and bent for the soleus, and both belong to it.", "C4"),
    Row("D21", "P", "At the bone the heel stays at or above the floor's level.", "C5"),
    Row("D22", "P", "Two sets first; a third when one or two days went by without an answer of the tendon."),
    Row("D23", "P", "Not complete before twelve weeks, also when nothing hurts any more."),
    Row("D24", "P", "An exercise may hurt and ends only at severe pain; its gate is not that of running.", "C3"),
    Row("D25", "P", "First fortnight of the plan: no running, other movement, the exercise begins.", "C14"),
    Row("D26", "P", "Third and fourth week: ten times a minute of running and two of walking, alternate days."),
    Row("D27", "P", "Fifth and sixth week: 20 to 25 minutes without walking, easy, alternate days."),
    Row("D28", "P", "Seventh and eighth week: half an hour or a little more; two days in a row if settled."),
    Row("D29", "P", "Ninth and tenth week: 35 to 45 minutes, with some gentle climbing."),
    Row("D30", "P", "Climbing in a single run first, then two days to see what the tendon says."),
    Row("D31", "P", "Eleventh and twelfth week: towards the old distance, easy, nothing fast."),
    Row("D32", "P", "From week thirteen on: one faster run a week, and the upkeep goes on."),
    Row("D33", "P", "More than 3 at any time: one stage back, whatever else holds.", "C3"),
    Row("D33b", "P", "Still raised a day later: the next run is at least a tenth smaller.", "C11"),
    Row("D33c", "P", "A hard run before its stage, to see whether it goes, breaks the plan."),
    Row("D34", "P", "A lower pair takes 10 to 15 % of the distance at first and all of it after 3 to 6 months."),
    Row("D35", "P", "A pair with 10 to 12 mm helps for a while and needs a day on which it ends.", "C6"),
    Row("D36", "P", "Holds where lowering hurts too much; raises are added when pain allows.", "C14"),
    Row("D37", "P", "Warmth before, ice afterwards, both called comfort.", "C2"),
    Row("D38", "P", "Anti-inflammatory medicine beyond the first few days: said, with what it does not do.", "C15"),
    Row("D39", "P", "No stretching into pain, and none with the foot pulled up where it sits at the bone.", "C1"),
    Row("D40", "P", "Weeks without any load are said to be no cure.", "C2"),
    Row("D41", "T", "Steroid injections are told as not the first choice, with what is known of them.", "C8"),
    Row("D42", "S", "A hard day does not follow a hard day."),
    Row("D43", "P", "A year after recovery the tendon is watched more closely."),
    Row("D44", "P", "Upkeep after recovery: two or three sets of fifteen, slowly, twice in seven days."),
    Row("D45", "P", "Mid-portion: less pain is looked for by week 6 to 8, the old activity by week 12.", "C9"),
    Row("D46", "P", "The first morning stiffness is answered, not waited out."),
    Row("D47", "P", "No run is too short for the 24 hours' question."),
    Row("D48", "S", "The model has walking below jogging and jogging below fast running, step by step."),
    Row("D49", "S", "What a tendon is used to shrinks over weeks of rest that were really rest."),
    Row("D50", "P", "Below 3 and settled in a day lets easy running go on.", "C3"),
    Row("D51", "P", "Older runners are told that age counts; nothing is multiplied."),
    Row("E01", "T", "Warning signs to look out for.", "",
        "Its list is missing in the text, so nothing can be made of it; the signs that count here are those of A05, "
        "A06 and D12."),
    Row("E02", "P", "Pain at the start, less when warm, back afterwards: kept as a pattern."),
    Row("E03", "P", "Load that grows while pain is not logged, or grows with it."),
    Row("E04", "S", "Sprints and hills with less than two days between them."),
    Row("E05", "P", "Two weeks without any preventive exercise: said, for information."),
    Row("E06", "P", "How far the knee goes over the toes can be measured and kept; little is noted."),
    Row("E07", "P", "Work for the buttocks is on the exercise list; its effect here is a claim."),
    Row("E08", "P", "Five things of recovery, as a list to tick and in no order.", "C15"),
    Row("E09", "T", "Which knee position works which calf muscle.", "C4",
        "The text has the two muscles the wrong way round. D20 has them right, and only that is used."),
    Row("E10", "P", "Depth jumps stay locked until split squats and box jumps were done."),
    Row("E11", "P", "Calf stretches without pain, as prevention or afterwards, and never as the therapy.", "C1"),
    Row("E12", "P", "Pain alone closes running only where the table says so."),
    Row("E13", "T", "The word for an inflamed tendon fits the first days only.", "C12"),
    Row("E14", "P", "Three lifts for the hip are named as choices."),
    Row("E15", "P", "Pain when jumping can be said."),
    Row("E16", "P", "Ice or medicine when wanted, within the days that the rule on medicine leaves.", "C15"),
    Row("D52", "P", "The other leg, or both, do the way up."),
    Row("D53", "P", "What is expected by a week is not held against trouble at the bone.", "C9"),
    Row("D54", "P", "Sore that evening and still so a day later: more than the tendon takes."),
    Row("D55", "P", "Weeks seven and eight end after three days or more in a row without a rise."),
    Row("D56", "P", "Running begins only when walking does not hurt."),
    Row("D57", "P", "Faster running stays as long as it brings no flare."),
    Row("D58", "P", "Work for the hip's stabilising muscles is on the exercise list."),
    Row("A28", "P", "Swelling, or a thick place, can be said."),
    Row("A29", "P", "A tender place can be said, with its height in centimetres."),
    Row("E17", "P", "Redness, or swelling, can be said."),
)  # fmt: skip
_BY_ID: Final = {row.id: row for row in ROWS}


def row_of(row_id: str) -> Row:
    """Return a row by its id, such as "D15"; KeyError if no text has it."""
    return _BY_ID[row_id]
