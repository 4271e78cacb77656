"""The closed lists: what a claim, a verdict and a commitment may say; docs/reference/claims.md."""

from __future__ import annotations

STATUSES = (
    "proposed",
    "demanded",
    "offered",
    "refused",
    "agreed",
    "not_agreed",
    "conditional",
    "announced",
    "ready",
    "planned",
    "promised",
    "under_way",
    "postponed",
    "suspended",
    "cancelled",
    "completed",
    "confirmed",
    "denied",
    "no_comment",
    "accused",
    "assessed",
    "asserted",
    "called",
)
SUBJECTS = (
    "exchange",
    "agreement",
    "remains",
    "list",
    "held",
    "mediation",
    "talks",
    "meeting",
    "call",
    "ceasefire",
    "proposals",
    "demand",
    "territory",
    "casualties",
    "comparison",
    "outlook",
    "background",
    "source",
    "other",
)
VERDICTS = (
    "consistent",
    "consistent_under_other_rule",
    "premature",
    "contradicted",
    "disputed",
    "one_side_only",
    "not_signed_by_both",
    "pending",
    "kept",
    "partly_kept",
    "lapsed",
    "not_checkable",
    "opinion",
    "position",
    "background",
)
FLAGS = (
    "ahead_of_record",
    "category_imprecise",
    "category_unknown",
    "date",
    "mirror",
    "other_rule",
    "place",
    "side_unknown",
    "split",
    "sum",
    "unit_unknown",
    "unsure",
    "word_of_one",
)
ROLES = ("party", "third", "press")
BOUNDS = ("exact", "at_least", "at_most", "about")
COUNTINGS = ("each", "in_total", "incoming", "outgoing", "unknown")
UNITS = ("persons", "persons_per_week", "other")
ACTS = ("exchanged", "released", "received", "home")
EXTENTS = ("whole", "part")
QUOTE_FORMS = ("direct", "mixed", "paraphrase", "cut", "altered", "narration")
STATES = ("open", "kept", "partly", "withdrawn", "lapsed", "not_agreed")
# Before the id of a clause of the terms, where words tell what came of it.
CLAUSE = "clause:"

# Words for persons that name no category of their own.
ANYBODY = frozenset({"person", "prisoner"})
# Why a reading is not sure; the order is that of the review queue, weightiest first.
DOUBTS = (
    "side_open",
    "number_left",
    "words_left",
    "read_otherwise",
    "somebody_speaks",
    "speaker_open",
    "status_guessed",
    "opinion_and_news",
    "subject_guessed",
    "not_so",
    "told_beside",
    "carried_over",
)
