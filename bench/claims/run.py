"""Readings of real articles against hand labels: `python -m bench.claims.run --texts FOLDER`.

No real article is kept here. `gold*.yaml` hold facts and hashes of sentences with the address of
each page; whoever has looked the pages up gives the folder of their texts,
`<id>.txt` each. News texts of our own making about invented exchanges are measured without it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from bench.claims import reports
from bench.claims.reports import lots
from bench.claims.scoring import Tally, score
from homeward.claims import read_claims
from homeward.dates import parse_instant

HERE = Path(__file__).parent
ROW = "| {:12} | {:>8} | {:>6} | {:>6} | {:>6} | {:>6} | {:>11} | {:>11} | {:>9} | {:>15} |"


def labelled() -> dict[str, Any]:
    """All labels of real articles: the articles, the sides of their exchanges, the first sight."""
    gold: dict[str, Any] = {"articles": [], "sides": {}, "first_sight": {}, "slips": {}}
    for place in sorted(HERE.glob("gold*.yaml")):
        more = yaml.safe_load(place.read_text(encoding="utf-8"))
        gold["articles"] += more["articles"]
        gold["sides"] |= more["sides"]
        gold["first_sight"] |= more.get("first_sight", {})
        gold["slips"] |= {slip["fp"]: slip for slip in more.get("second_look", ())}
    return gold


def corrected(articles: list[dict[str, Any]], slips: dict[str, Any]) -> list[dict[str, Any]]:
    """The articles with the slips of their labels mended."""
    return [
        article | {"claims": [label | slips.get(label["fp"], {}) for label in article["claims"]]}
        for article in articles
    ]


def measured(articles: list[dict[str, Any]], folder: Path, sides: dict[str, Any]) -> Tally:
    """The tally of one set of articles; pages whose text is not in the folder are left out."""
    total = Tally()
    for article in articles:
        place = folder / f"{article['id']}.txt"
        if place.exists():
            text = place.read_text(encoding="utf-8")
            total += score(text, article, _read(text, article, sides))
    return total


def _read(text: str, article: dict[str, Any], sides: dict[str, Any]) -> Any:
    said_at = parse_instant(f"{article['date']}T20:00:00+03:00")
    context = sides.get(article["parties"])
    return read_claims(text, said_at=said_at, lang=article.get("lang", "en"), context=context)


def row(name: str, tally: Tally, articles: int) -> str:
    """One line of the table."""
    sure = tally.sure_core / tally.sure if tally.sure else 0.0
    return ROW.format(
        name,
        f"{articles}/{tally.gold}",
        f"{tally.f1(tally.detect):.2f}",
        f"{tally.f1(tally.core):.2f}",
        f"{tally.f1(tally.strict):.2f}",
        f"{tally.dates_right}/{tally.dates}",
        f"{tally.numbers_right}/{tally.numbers_read}",
        f"{tally.numbers_found}/{tally.numbers_gold}",
        f"{tally.sure}/{tally.read}",
        f"{sure:.2f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Claims read from articles, against hand labels.")
    given = os.environ.get("CLAIMS_TEXTS")  # for runs that are started without words of their own
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path(given) if given else None,
        help="folder with the pages' texts, <id>.txt (or CLAIMS_TEXTS)",
    )
    folder = parser.parse_args().texts
    gold = labelled()
    print(f"PyYAML {version('PyYAML')}; one process")
    heading()
    first_sight = {
        f"lot {lot}": seen for lot, seen in sorted(gold["first_sight"].items(), key=_number)
    }
    for name, lot in lots():
        print(row(name, reports.measured(lot), len(lot["articles"])))
        first_sight[name] = lot["first_sight"]
    if folder is not None and folder.is_dir():
        _table(gold, folder)
    else:
        print(f"No texts: {len(gold['articles'])} more articles are labelled in gold*.yaml, and")
        print("their pages are not kept here. Look them up and give their folder with --texts.")
    print("At first sight, before anything was mended on the lot:")
    for name, seen in first_sight.items():
        print(f"  {name}: {seen}")
    print("The English texts of our own making, off the shelf:")
    baseline = [sys.executable, "-m", "bench.claims.baseline"]
    print(subprocess.run(baseline, capture_output=True, text=True, check=False).stdout, end="")


def heading() -> None:
    """The two lines over the table."""
    names = ("set", "articles", "detect", "core", "strict", "dates", "numbers", "numbers", "sure")
    print(ROW.format(*names, "core of sure"))
    units = ("", "/claims", "F1", "F1", "F1", "", "precision", "recall", "kept", "precision")
    print(ROW.format(*units))


def _number(seen: tuple[str, str]) -> int:
    return int(seen[0])


def _table(gold: dict[str, Any], folder: Path) -> None:
    everything, pages, spent = Tally(), 0, 0.0
    for lot in sorted({str(article["lot"]) for article in gold["articles"]}, key=int):
        chosen = [a for a in gold["articles"] if str(a["lot"]) == lot]
        present = sum((folder / f"{a['id']}.txt").exists() for a in chosen)
        if not present:
            continue
        begun = time.process_time()
        tally = measured(chosen, folder, gold["sides"])
        spent += time.process_time() - begun
        everything += tally
        pages += present
        print(row(f"lot {lot}", tally, present))
        if any(label["fp"] in gold["slips"] for a in chosen for label in a["claims"]):
            again = measured(corrected(chosen, gold["slips"]), folder, gold["sides"])
            print(row("second look", again, present))
    print(row("all", everything, pages))
    print(f"{spent / max(1, pages) * 1000:.0f} ms an article, scoring included")


if __name__ == "__main__":
    main()
