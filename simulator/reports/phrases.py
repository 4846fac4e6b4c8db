"""How the parts of a debrief are said, once for every report. Apart so that text and page never disagree."""

from collections.abc import Mapping, Sequence

from simulator.assessment.evidence import HIGH
from simulator.debriefing.debrief import CriticalFinding, Debrief
from simulator.debriefing.grounds import RuledLevel
from simulator.debriefing.moments import Moment
from simulator.debriefing.reviews import NextStep, TurnReview
from simulator.debriefing.scores import CheckCount, DimensionScore, Finding, TurnLevel
from simulator.debriefing.stronger import StrongerLine
from simulator.reports.disputed import contested
from simulator.reports.printing import closed, in_words, printable
from simulator.vocabulary import Evidence, SignalName

_S = SignalName
SHOWN: Mapping[SignalName, str] = {
    _S.NAMES_FEELING: "the feeling named",
    _S.VALIDATES: "the feeling taken as reasonable",
    _S.SPEAKS_TO_MEANING: "what it means to them",
    _S.SINCERE_APOLOGY: "an apology in the first person",
    _S.STOCK_PHRASE: "a ready-made phrase",
    _S.TAKES_BACK: "an acknowledgement taken back",
    _S.DISMISSES_FEELING: "the feeling waved away",
    _S.BLAMES_CUSTOMER: "blame put on the customer",
    _S.INSULTS: "an insult",
    _S.ACCEPTS_RESPONSIBILITY: "the mistake owned",
    _S.OFFERS_HELP: "help offered in the first person",
    _S.COMMITS_ACTION: "something definite to be done",
    _S.GIVES_TIME: "a time for it",
    _S.GIVES_CALLBACK: "a safety net",
    _S.CHECKS_IT_WORKED: "a check that it worked",
    _S.DEFLECTS: "responsibility pushed away",
    _S.HIDES_BEHIND_POLICY: "a rule in place of an answer",
    _S.HANDS_OFF: "the work passed on",
    _S.PASSIVE_PROMISE: "a promise with nobody behind it",
    _S.GOES_BACK: "the agent's own word taken back",
    _S.ENDS_CONTACT: "the contact closed unsolved",
    _S.REFLECTS_DETAIL: "a detail given back",
    _S.CHECKS_UNDERSTANDING: "a check of understanding",
    _S.ASKS_OPEN: "an open question",
    _S.ASKS_DETAIL: "a question about the case",
    _S.ASKS_AGAIN: "a question whose answer was there already",
    _S.PARROTS: "the customer's words said back",
    _S.TELLS: "a lecture in place of an answer",
    _S.GIVES_PACE: "time and company",
    _S.CHECKS_SAFETY: "a check that they are safe",
    _S.ONE_STEP: "one step at a time",
    _S.OVERLOADS: "too much at once",
    _S.USES_JARGON: "words of the trade",
    _S.PUTS_ON_HOLD: "a hold",
    _S.STAYS_SILENT: "a silence",
    _S.TRANSFERS: "a transfer",
    _S.ADDRESSES_MACHINE: "words meant for a machine",
}
"""What a signal is called where people read about it."""

UNEXPLAINED = "unexplained: no words stand out, the rater went by the reply as a whole."
"""What is said of high levels without evidence."""

NOTHING_STOOD_OUT = "as no words stood out for more, or against it."
"""What is said of lower ones: what they lacked is said beside."""

NOT_CALIBRATED = " (not calibrated)"
"""What stands behind a figure of a dimension that bears a mark; the mark itself stands once above."""

MOST_UNMET = 3
"""So many checks that a reply did not meet are named at most, those worth most to this customer; the JSON has all."""


def when(debrief: Debrief) -> str:
    """When it took place, in the reader's own time zone."""
    local = debrief.started.astimezone()
    began = f"{local.day} {local:%B %Y, %H:%M}"
    return f"{began} to {debrief.ended.astimezone():%H:%M}" if debrief.ended else began


def voices(debrief: Debrief) -> str:
    """Who spoke and listened, and where the customer's lines come from."""
    model, sources = debrief.model, debrief.sources
    return (
        f"Speaking model: {model.speaker} ({model.way}). Listening model: {model.listener}. Customer lines: "
        f"{sources.guided} guided (authored, chosen by the listener), {sources.free} free (written by the model), "
        f"{sources.fallback} fallback."
    )


def marks_of(debrief: Debrief) -> list[str]:
    """A sentence for each dimension that is not calibrated, for where its levels stand by turn."""
    return [f"{score.name}: {score.mark}." for score in debrief.dimensions if score.mark]


def levels_by_turn(score: DimensionScore) -> str:
    """The level of every rated reply on one dimension, in order; empty where no reply was rated."""
    return ", ".join(
        f"turn {turn.turn}: {turn.level or 'no room'}{put_right(turn)}{remarked(turn.remark)}" for turn in score.turns
    )


def put_right(turn: TurnLevel) -> str:
    """What stands behind the level of a slip that the next rated reply put right; empty behind any other."""
    return " (put right)" if turn.recovered else ""


def remarked(remark: str | None) -> str:
    """What stands behind a level that is contested or revised; empty behind any other."""
    return f" ({printable(remark)})" if remark else ""


def anchors_of(score: DimensionScore) -> list[str]:
    """Where a mean stands in the rubric, and what to aim for; of levels 1 and 2 the name is enough."""
    nearest = f"Nearest to level {score.level}, {score.level_name}"
    now = [f"{nearest}: {score.anchor}" if score.level > 2 else f"{nearest}."] if score.level else []
    ahead = (
        [f"To aim for: level {score.next_level}, {score.next_name}. {score.next_anchor}"] if score.next_level else []
    )
    return [*now, *ahead]


def count_of(check: CheckCount) -> str:
    """How often a check was met, in words; a good thing at least so often, as it may be done in unforeseen words."""
    if not check.of:
        return "nothing to look at"
    unit = ("reply" if check.of == 1 else "replies") if check.wanted else ("turn" if check.of == 1 else "turns")
    return f"{'plainly' if check.wanted else 'yes'} in {check.met} of {check.of} {unit}"


def checks_of(score: DimensionScore) -> list[str]:
    """What was seen, each with turns and words; what was wanted and not seen comes last, in one line."""
    seen = [
        f"{check.question} {count_of(check).capitalize()}: {closed(_places(check))}"
        for check in score.checks
        if check.met
    ]
    unseen = [check.question for check in score.checks if check.tells and not check.met]
    if not unseen or not any(check.of for check in score.checks):
        return seen
    return [*seen, f"Not seen this time (not every contact needs all of these): {' '.join(unseen)}"]


def lacking(stronger: StrongerLine) -> str:
    """What the reply showed, and what the line shows."""
    shows = SHOWN[stronger.signal]
    if stronger.added:
        return f"What the line adds: {shows}."
    words = f"“{printable(stronger.fault_quote)}”, " if stronger.fault_quote else ""
    critical = f"a critical error ({in_words(stronger.critical)})" if stronger.critical else ""
    fault = f"{words}{SHOWN[stronger.fault]}" if stronger.fault else critical
    return f"What is in the reply: {fault}. What is in the line: {shows}."


def would_move(stronger: StrongerLine) -> str:
    """What the ledger makes of the line beside what it made of the reply: which is better, and no points.

    A line is read as its author meant it, so its points are no forecast; the JSON has them.
    """
    what = "the reply with the line" if stronger.added else "the line"
    return f"By the rules that move this customer, {what} would have done more good here than the reply did."


def scored_of(stronger: StrongerLine) -> str:
    """What the rater made of the line beside the reply; empty where it was not asked."""
    score = stronger.scored
    if score is None:
        return ""
    parts = ", ".join(
        f"{part.dimension} {part.line:.1f} against {part.reply:.1f}{NOT_CALIBRATED if part.mark else ''}"
        for part in score.parts
    )
    what = "the reply with the line" if stronger.added else "the line"
    return (
        f"Scored by the same rater, {what} is at {score.line:.1f} of 5, the reply at {score.reply:.1f} ({parts}). "
        "These are single replies, so there is no interval."
    )


def line_label(stronger: StrongerLine) -> str:
    """What stands before the line."""
    return "It could have gone on" if stronger.added else "It could have been"


def levels_of(debrief: Debrief, review: TurnReview) -> str:
    """The levels of one reply, in one phrase."""
    if not review.rated:
        return "not rated"
    names = {score.id: score.name for score in debrief.dimensions}
    uncertain = {score.id for score in debrief.dimensions if score.mark}
    if not any(review.levels.values()) and not review.remarks:
        return "none, as the moment gave no room"
    return ", ".join(
        f"{names.get(dimension, in_words(dimension))} {'no room for it here' if level is None else f'{level} of 5'}"
        f"{NOT_CALIBRATED if dimension in uncertain else ''}{remarked(review.remarks.get(dimension))}"
        for dimension, level in review.levels.items()
    )


def unexplained_of(debrief: Debrief, review: TurnReview) -> list[str]:
    """The levels of one reply that no quoted words show, said as such, and those that a rule of the rubric gave."""
    names = {score.id: score.name for score in debrief.dimensions}
    high = [each for each in review.unexplained if (review.levels[each] or 0) >= HIGH]
    low = [each for each in review.unexplained if each not in high]

    def listed(dimensions: Sequence[str]) -> str:
        return ", ".join(f"{names.get(each, in_words(each))} {review.levels[each]}" for each in dimensions)

    told = [(high, UNEXPLAINED), (low, NOTHING_STOOD_OUT)]
    return [*(f"{listed(some)}, {why}" for some, why in told if some), *map(_ruled, review.by_rule)]


def missing_of(debrief: Debrief, review: TurnReview) -> list[str]:
    """What one reply lacked for the level to aim for: the rubric's words, once in a debrief, and the checks not met."""
    before = {_goes_for(step) for each in debrief.reviews if each.turn < review.turn for step in each.missing}
    return [
        " ".join(
            filter(
                None,
                (
                    _aim(step, in_full=_goes_for(step) not in before),
                    _asked("Not in this reply", step.unmet[:MOST_UNMET], len(step.unmet) - MOST_UNMET),
                    _asked("In this reply, and better left out", step.spoiling),
                ),
            )
        )
        for step in review.missing
    ]


def disputes_of(debrief: Debrief, review: TurnReview) -> list[str]:
    """What was contested about the levels of one reply, by whom it was settled, and how."""
    names = {score.id: score.name for score in debrief.dimensions}
    return [printable(contested(names, dispute)) for dispute in review.disputes]


def evidence_by_words(debrief: Debrief, review: TurnReview) -> list[str]:
    """The evidence of one reply, each quote once, with every dimension it counted for and what was seen in it."""
    names = {score.id: score.name for score in debrief.dimensions}
    quotes = [evidence.quote for evidence in review.evidence]
    homes = {quote: max((other for other in quotes if quote in other), key=len) for quote in quotes}
    gathered: dict[tuple[str, bool], list[Evidence]] = {}
    for evidence in review.evidence:
        gathered.setdefault((homes[evidence.quote], evidence.speaker == "customer"), []).append(evidence)
    return [
        f"{'Left unanswered: ' if unanswered else ''}“{printable(quote)}” ({_counted_for(names, each, unanswered)})"
        for (quote, unanswered), each in gathered.items()
    ]


def critical_of(finding: CriticalFinding) -> str:
    """One critical error as a line."""
    return f"{finding.name}, in turn {finding.turn}: “{printable(finding.quote)}”"


def customer_said(when: str, cut: bool) -> str:
    """What stands before the customer's words: "Customer, before", and whether they were cut off."""
    return f"Customer{f', {when}' if when else ''}{' (cut off there)' if cut else ''}"


def did_what(part: TurnReview | Moment) -> str:
    """Heading for `did`."""
    return "Reply" if part.reply is not None else "What was done"


def did(part: TurnReview | Moment) -> str:
    """The trainee's words, or what they did instead."""
    return part.reply if part.reply is not None else part.act or ""


def _ruled(ruled: RuledLevel) -> str:
    answers = [f"{what} to {' '.join(asked)}" for what, asked in (("yes", ruled.yes), ("no", ruled.no)) if asked]
    return f"{ruled.dimension} {ruled.level}, by the rubric's rule{NOT_CALIBRATED}: {'; '.join(answers)}"


def _goes_for(step: NextStep) -> tuple[str, int]:
    return step.dimension, step.next_level


def _aim(step: NextStep, in_full: bool) -> str:
    aim = f"For {step.dimension} {step.next_level}, {step.name}"
    return f"{aim}: {step.anchor}" if in_full else f"{aim}."


def _asked(heading: str, questions: Sequence[str], more: int = 0) -> str:
    rest = f" ({more} more)" if more > 0 else ""
    return f"{heading}: {' '.join(questions)}{rest}" if questions else ""


def _places(check: CheckCount) -> str:
    return "; ".join(map(place_of, check.findings))


def place_of(finding: Finding) -> str:
    """Where a check was met, with the words."""
    return f"turn {finding.turn}" + (f" “{printable(finding.quote)}”" if finding.quote else "")


def _counted_for(names: Mapping[str, str], evidence: list[Evidence], unanswered: bool) -> str:
    by_dimension: dict[str, list[str]] = {}
    for each in evidence:
        name = names.get(each.dimension, in_words(each.dimension))
        by_dimension.setdefault(name, []).append(SHOWN[each.signal])
    told = (name if unanswered else f"{name}: {', '.join(dict.fromkeys(seen))}" for name, seen in by_dimension.items())
    return (", " if unanswered else "; ").join(told)
