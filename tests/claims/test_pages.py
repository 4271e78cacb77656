"""A web page is read by its report: menus, notices and other reports around it say nothing."""

from datetime import UTC, datetime

import pytest

from homeward.claims import read_claims
from homeward.claims.page import plain_text, published

PAGE = """<!DOCTYPE html><html><head><title>Exchange | The Gazette</title>
<meta property="article:published_time" content="2031-05-09T18:30:00+03:00"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<div class="cookie-banner">We use cookies. Northland said 555 prisoners were freed.</div>
<article><h1>Twenty come home after exchange</h1>
<p>Northland said 20&nbsp;people came home on Friday. The exchange took place at the river.</p>
<p>Southmark <b>confirmed</b> the exchange, and <a href="/x">the neutral</a> praised both.</p>
<blockquote>\u201cThe next one is planned for June,\u201d Northland said.</blockquote></article>
<aside><p>Read more: Southmark said 9999 prisoners were freed.</p></aside>
<div id="comments"><p>somebody: Southmark said 888 prisoners were freed.</p></div>
<footer>Copyright 2031. Southmark said 777 prisoners were freed.</footer>
<script>no()</script></body></html>"""
SIDES = {"north": ["Northland"], "south": ["Southmark"]}


def test_only_the_report_is_read():
    lines = plain_text(PAGE).split("\n")
    assert lines[0] == "Twenty come home after exchange"
    assert [line[:9] for line in lines[1:]] == ["Northland", "Southmark", "\u201cThe next"]


def test_no_number_comes_from_the_pages_furniture():
    claims = read_claims(PAGE, said_at=published(PAGE), context=SIDES)
    assert {count.n for claim in claims for count in claim.counts} == {20}
    assert ("south", "confirmed") in {(claim.party, claim.status) for claim in claims}


def test_a_page_without_a_report_is_read_whole():
    bare = "<html><body><p>20 people came home.</p></body></html>"
    assert plain_text(bare) == "20 people came home."


@pytest.mark.parametrize("tag", ["meta", "time"])
def test_the_pages_own_instant_needs_a_zone(tag):
    whole = '<html><{} {}="2031-05-09T18:30{}"></html>'
    name = 'itemprop="datePublished" content' if tag == "meta" else "datetime"
    instant = datetime(2031, 5, 9, 18, 30, tzinfo=UTC)
    assert published(whole.format(tag, name, "Z")) == instant
    assert published(whole.format(tag, name, "")) is None


def test_reading_a_page_fetches_nothing(monkeypatch):
    def refuse(*_):
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert plain_text(PAGE.replace("<body>", '<body><img src="https://gazette.example/i.png">'))
