"""The same said in other words gets the same verdict; one thing changed gets the one written."""

from datetime import datetime
from pathlib import Path

import yaml

from homeward.claims import Known, judge, read_claims
from homeward.dates import parse_instant
from homeward.terms import read_annexes, read_terms
from tests.claims.replay import World
from tests.claims.test_page import STAGES, TERMS

HERE = Path(__file__).parent
FOLDER = yaml.safe_load((HERE / "paraphrases.yaml").read_text(encoding="utf-8"))
AGREED = ((datetime.fromisoformat("2031-05-01T12:00:00+03:00"), "terms"),)
AGREED += ((datetime.fromisoformat("2031-05-07T12:00:00+03:00"), "stage 1"),)
ASIDE = ("background", "outlook", "other", "source")


def found(text):
    """Every verdict on the sentence, and what was read: status, subject and numbers."""
    said_at = parse_instant(FOLDER["said_at"])
    terms, _ = read_terms(TERMS)
    annexes, _ = read_annexes(STAGES, terms)
    known = Known(terms, annexes, World(terms, annexes).position_at, said_at, (), AGREED)
    claims = read_claims(text, said_at=said_at, context=FOLDER["sides"])
    told = [claim for claim in claims if claim.subject not in ASIDE] or list(claims)
    return [judge(claim, known).verdict for claim in told]


def wrong():
    rows = []
    for row in FOLDER["sentences"]:
        wanted = [(text, row["verdict"]) for text in (row["text"], *row["same"])]
        wanted += [(but["text"], but["verdict"]) for but in row["but"]]
        for text, verdict in wanted:
            verdicts = found(text)
            rows.append((text, verdict, verdicts, set(verdicts) == {verdict}))
    return [row for row in rows if not row[3]], len(rows)


def test_paraphrases_change_nothing_and_mutations_give_the_verdict_written_before():
    missed, of = wrong()
    assert of >= 45
    assert len(missed) <= 0.05 * of, missed
