"""A checkpoint countersigned over HTTP is news: what was made of the record before is made anew."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

from homeward.record import Store, make_keys, open_exchange, read_card
from homeward.record.witness import request_of
from tests.office.databases import environment
from tests.office.offices import homeward
from tests.record.parties import MORNING, TERMS, orders

# one process is one office: the desk that is looked into is a child's
DESK = """
import json, sys
from datetime import datetime
from pathlib import Path
from homeward.office.serve import open_django

told = json.load(sys.stdin)
open_django(Path(told["folder"]))
from django.test import RequestFactory
from homeward.office.desk import Call
from homeward.office.process import ask, desk
from homeward.office.post import take
from homeward.office.witness import add_checkpoint

call = Call(datetime.fromisoformat(told["now"]), "", {})
meeting = {"cards": told["cards"], "terms_text": told["terms"], "policy": {}}
ask("meet", Call(call.now, "", meeting))
taken = take(desk(), bytes.fromhex(told["package"]), call)
made = [desk().fold("seen", lambda: "before")]
answers = []
for request in told["requests"]:
    asked = RequestFactory().post("/", bytes.fromhex(request), content_type="text/plain")
    answers.append(add_checkpoint(asked).status_code)
    made.append(desk().fold("seen", lambda: "after"))
json.dump({"taken": taken["entries"], "answers": answers, "made": made}, sys.stdout)
"""


def test_what_the_desk_made_of_the_record_is_made_anew_after_a_countersignature(tmp_path: Path):
    folder = tmp_path / "south"
    made = homeward("office", "init", str(folder), "--side", "south")
    assert made.returncode == 0, made.stderr
    north = make_keys("north", "side", ["alder", "birch"], secrets.token_bytes)
    exchange = open_exchange([north.card, read_card(made.stdout)], TERMS, {})
    store = Store(sqlite3.connect(":memory:"), "?", exchange, north)
    store.append(orders(3), MORNING)
    note = next(data for name, data in store.copy() if name == "north.office.1/checkpoint")
    told = {
        "folder": str(folder),
        "now": MORNING.isoformat(),
        "cards": [north.card.text],
        "terms": TERMS.decode(),
        "package": (store.package_for("south", MORNING) or b"").hex(),
        "requests": [b"nonsense".hex(), request_of(3, [], note).hex()],
    }
    ran = subprocess.run(
        [sys.executable, "-c", DESK],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment(folder),
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["answers"] == [400, 200]
    assert found["made"] == ["before", "before", "after"]
