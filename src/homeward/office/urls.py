"""The addresses of an office: its pages and its API. No address ever carries a name."""

from __future__ import annotations

from django.urls import include, path

from homeward.office import pages
from homeward.office.api import api
from homeward.office.witness import add_checkpoint

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("record/", pages.record, name="record"),
    path("enter/", pages.enter, name="enter"),
    path("language/", include("django.conf.urls.i18n")),
    path("api/add-checkpoint", add_checkpoint, name="add-checkpoint"),
    path("api/", api.urls),
]
