"""The addresses of an office: its pages and its API. No address ever carries a name."""

from __future__ import annotations

from django.urls import include, path

from homeward.office.api import api
from homeward.office.pages import (
    administration,
    agreeing,
    crossing,
    editions,
    entering,
    exchanging,
    keeping,
    matching,
    otherwise,
    overview,
    people,
    planning,
    saying,
)
from homeward.office.witness import add_checkpoint

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("people/", people.people, name="people"),
    path("people/<int:number>/", people.person, name="person"),
    path("people/edition/<str:which>/", editions.edition, name="edition"),
    path("people/export/", people.export, name="export"),
    path("people/import/", people.import_file, name="import"),
    path("people/import/<int:number>/columns/", people.import_columns, name="import-columns"),
    path("people/import/<int:number>/check/", people.import_check, name="import-check"),
    path("people/import/<int:number>/workbook/", people.import_workbook, name="import-workbook"),
    path("matching/", matching.matching, name="matching"),
    path("matching/<int:number>/", matching.pair, name="pair"),
    path("terms/", agreeing.terms, name="terms"),
    path("terms/meet/", agreeing.meet, name="meet"),
    path("terms/card/", agreeing.card, name="card"),
    path("terms/propose/", agreeing.propose, {"kind": "terms"}, name="propose-terms"),
    path("terms/propose-stage/", agreeing.propose, {"kind": "annex"}, name="propose-annex"),
    path("terms/<str:digest>/", agreeing.text, name="text"),
    path("lists/", exchanging.lists, name="lists"),
    path("fitness/", exchanging.fitness, name="fitness"),
    path("plan/", planning.plan, name="plan"),
    path("plan/<str:digest>/", planning.plan_one, name="plan-one"),
    path("crossing/", crossing.crossing, name="crossing"),
    path("crossing/<int:number>/", crossing.step, name="step"),
    path("crossing/<int:number>/otherwise/", otherwise.otherwise, name="otherwise"),
    path("record/", keeping.record, name="record"),
    path("record/verify/", keeping.verify_now, name="verify"),
    path("record/in/", keeping.package_in, name="package-in"),
    path("record/out/<str:name>", keeping.package_out, name="package-out"),
    path("claims/", saying.claims, name="claims"),
    path("promises/", saying.promises, name="promises"),
    path("waiting/", administration.waiting, name="waiting"),
    path("waiting/<int:number>/", administration.waiting_one, name="waiting-one"),
    path("administration/", administration.administration, name="administration"),
    path("administration/<int:number>/", administration.account, name="account"),
    path("accesses/", administration.accesses, name="accesses"),
    path("enter/", entering.enter, name="enter"),
    path("enter/token/", entering.enter_by_token, name="enter-by-token"),
    path("leave/", entering.leave, name="leave"),
    path("language/", include("django.conf.urls.i18n")),
    path("api/add-checkpoint", add_checkpoint, name="add-checkpoint"),
    path("api/", api.urls),
]
