"""The office as a witness over HTTP: ``POST api/add-checkpoint`` of c2sp.org/tlog-witness.

No token is asked for: the signature on the checkpoint decides, as for a package. What is answered
carries this machine's clock and is on the disk before.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from homeward.office.process import AT_THE_DESK, desk
from homeward.record.witness import MOST_REQUEST_BYTES

OK, BUSY = 200, 503
# every status that the text of C2SP has, what it says, and the kind of its body
REASONS = {
    OK: ("the countersignature", "text/plain"),
    400: ("the request is out of form", "text/plain"),
    403: ("the checkpoint is not signed by its log", "text/plain"),
    404: ("no log of this exchange", "text/plain"),
    409: ("another size was countersigned last", "text/x.tlog.size"),
    422: ("the proof does not continue what was countersigned", "text/plain"),
    BUSY: ("entries that the checkpoint covers have not come yet", "text/plain"),
}


def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """The countersignature, or the reason why there is none."""
    data = request.read(MOST_REQUEST_BYTES + 1)
    with AT_THE_DESK:
        at = desk()
        if at.store is None:
            return HttpResponse("no exchange yet\n", status=404, content_type="text/plain")
        answer = at.store.witness(data, datetime.now(UTC))
        if answer.status == OK:
            at.learn(())  # who has seen what is new
    body = answer.body
    if not body and answer.problem is not None:
        body = f"{answer.problem.code} {answer.problem.value} {answer.problem.expected}\n"
    response = HttpResponse(body, status=answer.status, content_type=answer.content_type)
    if answer.status == BUSY:
        response["Retry-After"] = "60"
    return response
