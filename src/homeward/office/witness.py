"""The office as a witness over HTTP: ``POST api/add-checkpoint`` of c2sp.org/tlog-witness.

No token is asked for: the signature on the checkpoint decides, as for a package. What is answered
carries this machine's clock and is on the disk before.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from homeward.office.process import AT_THE_DESK, desk
from homeward.record.witness import MOST_REQUEST_BYTES

BUSY = 503


@csrf_exempt
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the countersignature, or 400, 403, 404, 409, 422 and 503 with the reason."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    data = request.read(MOST_REQUEST_BYTES + 1)
    with AT_THE_DESK:
        store = desk().store
        if store is None:
            return HttpResponse("no exchange yet\n", status=404, content_type="text/plain")
        answer = store.witness(data, datetime.now(UTC))
    body = answer.body
    if not body and answer.problem is not None:
        body = f"{answer.problem.code} {answer.problem.value} {answer.problem.expected}\n"
    response = HttpResponse(body, status=answer.status, content_type=answer.content_type)
    if answer.status == BUSY:
        response["Retry-After"] = "60"
    return response
