"""The peer: a bare Django page over the same rows: `python -m bench.office.peer DB`.

No session, no roles, no log of looks, no search in other scripts: one query, fifty rows, one
template, and the same server. ``/?q=WORD`` is the plain SQL search that a list in a table invites.
"""

from __future__ import annotations

import sys

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from waitress import create_server

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>People</title></head>
<body><table>{% for name, born, list, id in rows %}
<tr><th><bdi>{{ name }}</bdi></th><td>{{ born }}</td><td>{{ list }}</td><td>{{ id }}</td></tr>
{% endfor %}</table></body></html>"""
_ROWS = (
    "SELECT shown, born, which, line_id FROM office_person "
    "WHERE shown LIKE %s ORDER BY shown LIMIT 50"
)


def people(request: HttpRequest) -> HttpResponse:
    """Fifty rows with a word in their name."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [f"%{request.GET.get('q', '')}%"])
        rows = cursor.fetchall()
    return HttpResponse(engines["django"].from_string(_PAGE).render({"rows": rows}))


def main(database: str) -> None:
    """Serve on loopback, on a port of the system's choice, and say which."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="of a page without secrets",
        LOGGING_CONFIG=None,
    )
    django.setup()
    server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=4)
    print(f"ready http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


urlpatterns = [path("", people)]

if __name__ == "__main__":
    main(sys.argv[1])
