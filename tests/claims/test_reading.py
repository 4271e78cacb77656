"""Articles and posts are read sentence by sentence; nothing is invented and nothing is lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.claims import read_claims
from homeward.claims.mentions import know_names
from homeward.claims.moments import moments
from homeward.claims.page import plain_text
from homeward.claims.quantities import counts_in, whole_number
from homeward.claims.sentences import sentences
from homeward.claims.words_for import LANGUAGES, lexicon
from homeward.dates import parse_instant

SIDES = {"north": ["Northland", "Northlanders", "Northlandic"], "south": ["Southmark"]}
FRIDAY = parse_instant("2031-05-09T20:00:00+03:00")
ARTICLE = (Path(__file__).parent / "article.txt").read_text(encoding="utf-8")
ENGLISH = lexicon("en")


def read(text, **more):
    return read_claims(text, said_at=FRIDAY, context=SIDES, **more)


def one(text, **more):
    claims = read(text, **more)
    assert len(claims) == 1, [claim.to_json() for claim in claims]
    return claims[0]


def counted(claim):
    return [(c.n, c.bound, c.category, c.sender, c.to, c.counting, c.state) for c in claim.counts]


def test_a_whole_article_is_read_claim_by_claim():
    found = [(str(c.speaker), c.role, c.status, c.subject) for c in read(ARTICLE)]
    assert found == [
        ("minister", "third", "under_way", "exchange"),
        ("article", "press", "planned", "exchange"),
        ("Ivo Brandt", "third", "under_way", "exchange"),
        ("article", "press", "agreed", "exchange"),
        ("article", "press", "asserted", "comparison"),
        ("Ivo Brandt", "third", "completed", "exchange"),
        ("Ivo Brandt", "third", "completed", "agreement"),
        ("Ivo Brandt", "third", "planned", "exchange"),
        ("Ivo Brandt", "third", "assessed", "outlook"),
        ("Ivo Brandt", "third", "assessed", "outlook"),
        ("Northland", "party", "confirmed", "exchange"),
        ("Southmark", "party", "confirmed", "exchange"),
        ("article", "press", "agreed", "exchange"),
        ("Ada Verne", "party", "under_way", "exchange"),
        ("Ada Verne", "party", "planned", "exchange"),
        ("Ada Verne", "party", "assessed", "exchange"),
        ("Southmark's Defence Ministry", "party", "completed", "exchange"),
        ("Southmark's Defence Ministry", "party", "planned", "exchange"),
        ("Southmark's Defence Ministry", "party", "completed", "remains"),
        ("Per Lind", "party", "not_agreed", "talks"),
        ("a diplomat", "third", "conditional", "ceasefire"),
        ("Southmark", "party", "accused", "other"),
        ("Northland's government", "party", "no_comment", "exchange"),
        ("Southmark's Defence Ministry", "party", "completed", "exchange"),
        ("article", "press", "asserted", "background"),
    ]


def test_no_sentence_is_lost_and_bylines_and_clocks_are_no_claims():
    claims = read(ARTICLE)
    for sentence in sentences(ARTICLE, ENGLISH):
        inside = [c for c in claims if sentence.start <= c.span.start < sentence.end]
        furniture = sentence.text in ("By A Reporter", "0:00")
        assert bool(inside) != furniture, sentence.text


def test_every_number_of_a_claim_stands_in_the_words_it_was_read_from():
    for claim in read(ARTICLE):
        words = ARTICLE[claim.span.start : claim.span.end]
        for n, count in enumerate(claim.counts):
            span = dict(claim.slots)[f"counts.{n}"]
            assert f"{count.n:,}" in ARTICLE[span.start : span.end].replace("\u00a0", ",")
            assert claim.span.start <= span.start < span.end <= claim.span.end
        assert claim.text in words


def test_the_speakers_span_holds_the_speakers_name_or_a_word_for_them():
    for claim in read(ARTICLE):
        span = dict(claim.slots).get("speaker")
        if span is not None:
            named = ARTICLE[span.start : span.end]
            assert named.lower() in str(claim.speaker).lower() or named == "She"


def test_completed_and_takes_effect_soon_make_two_readings():
    people, deal = [c for c in read(ARTICLE) if c.reading_of]
    assert (people.subject, deal.subject) == ("exchange", "agreement")
    assert people.span == deal.span


def test_the_articles_own_voice_is_not_put_into_a_speakers_mouth():
    claims = read("Northland confirmed the exchange, which was agreed in Valletta on May 2.")
    assert [(c.role, c.status) for c in claims] == [("party", "confirmed"), ("press", "agreed")]
    assert str(claims[1].event_date) == "2031-05-02"
    assert claims[1].places == ("Valletta",)


@pytest.mark.parametrize(
    ("text", "speaker", "status"),
    [
        (
            "According to Southmark's Foreign Ministry, 20 people came home.",
            "Southmark's Foreign Ministry",
            "completed",
        ),
        (
            "20 people came home, according to Southmark's Foreign Ministry.",
            "Southmark's Foreign Ministry",
            "completed",
        ),
        ("The exchange has begun, officials said Monday.", "officials", "under_way"),
        (
            "“The exchange will continue,” said Northland's ombudsman Mira Sol.",
            "Mira Sol",
            "planned",
        ),
        ("The release of 20 people was confirmed by Southmark.", "Southmark", "confirmed"),
        ("Northland denied that the exchange had been postponed.", "Northland", "denied"),
        ("Northland accused Southmark of delaying the exchange.", "Northland", "accused"),
        ("Southmark has not commented.", "Southmark", "no_comment"),
        ("Northland is ready for an exchange, President Ada Verne said.", "Ada Verne", "ready"),
        ("Southmark said the exchange had been called off.", "Southmark", "cancelled"),
        ("The two sides have agreed to exchange 600 prisoners each.", "article", "agreed"),
    ],
)
def test_the_ways_of_saying_who_said_it(text, speaker, status):
    claim = one(text)
    assert (str(claim.speaker), claim.status) == (speaker, status)


def test_the_next_sentence_may_name_the_speaker():
    claim = one("20 people came home today. This was reported by Northland's Defence Ministry.")
    assert (str(claim.speaker), claim.party) == ("Northland's Defence Ministry", "north")


def test_two_speakers_in_one_sentence_make_two_claims():
    claims = read("Northland said 20 people came home, while Southmark denied the exchange.")
    assert [(c.party, c.status) for c in claims] == [("north", "completed"), ("south", "denied")]


def test_a_body_without_a_state_is_the_one_named_before():
    claims = read(
        "Southmark's Defence Ministry said the exchange was over. "
        "The ministry said 20 people came home."
    )
    assert [c.party for c in claims] == ["south", "south"]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (
            "Northland and Southmark exchanged 20 prisoners each.",
            [(20, "exact", "prisoner", None, None, "each", "living")],
        ),
        (
            "Each side released 11 soldiers and 4 civilians.",
            [
                (11, "exact", "military", None, None, "each", "living"),
                (4, "exact", "civilian", None, None, "each", "living"),
            ],
        ),
        (
            "A total of 40 prisoners were exchanged.",
            [(40, "exact", "prisoner", None, None, "in_total", "living")],
        ),
        (
            "Northland brought home 20 soldiers.",
            [(20, "exact", "military", "south", "north", "incoming", "living")],
        ),
        (
            "Northland handed over 20 Southmark soldiers.",
            [(20, "exact", "military", "north", "south", "incoming", "living")],
        ),
        (
            "Northland released more than twenty-five prisoners.",
            [(25, "at_least", "prisoner", "north", "south", "outgoing", "living")],
        ),
        (
            "Southmark handed over 1,212 bodies.",
            [(1212, "exact", "person", "south", "north", "outgoing", "remains")],
        ),
        (
            "Southmark returned the bodies of 60 soldiers to Northland.",
            [(60, "exact", "person", "south", "north", "incoming", "remains")],
        ),
        (
            "The exchange was held on the formula of 5 for 5.",
            [(5, "exact", "person", None, None, "each", "living")],
        ),
        (
            "About 150 people were released.",
            [(150, "about", "person", None, None, "unknown", "living")],
        ),
        ("The exchange took place on May 8 at 10:00 with 12% fewer buses and 3 aircraft.", []),
    ],
)
def test_numbers_are_read_with_their_side_category_and_rule(text, counts):
    assert [row for claim in read(text) for row in counted(claim)] == counts


def test_a_number_whose_side_stays_open_is_marked_unsure():
    claim = one("The two sides agreed to exchange 600 prisoners.")
    assert claim.counts[0].counting == "unknown"
    assert not claim.sure


def test_deaths_a_week_of_both_armies_are_no_people_exchanged():
    claims = read(
        "The call will stop a war that is killing more than 5,000 soldiers a week, he said."
    )
    deaths = claims[-1]
    assert (deaths.subject, deaths.counts[0].unit, deaths.counts[0].bound) == (
        "casualties",
        "persons_per_week",
        "at_least",
    )
    assert all(not c.counts for c in claims[:-1])


@pytest.mark.parametrize(
    ("text", "to_come", "found"),
    [
        ("on Friday", False, "2031-05-09"),
        ("on Friday", True, "2031-05-09"),
        ("on Tuesday", False, "2031-05-06"),
        ("on Tuesday", True, "2031-05-13"),
        ("on May 2", False, "2031-05-02"),
        ("on 2 May 2030", False, "2030-05-02"),
        ("2031-05-02", False, "2031-05-02"),
        ("Friday, May 9", False, "2031-05-09"),
        ("yesterday", False, "2031-05-08"),
        ("in February", False, "2031-02"),
        ("in February 2022", False, "2022-02"),
        ("since 1954", False, "1954"),
        ("December 3", False, "2030-12-03"),
        ("December 3", True, "2031-12-03"),
        ("last month", False, "2031-04"),
    ],
)
def test_dates_are_read_against_the_dateline(text, to_come, found):
    (moment,) = moments(text, ENGLISH, FRIDAY)
    assert str(moment.when(to_come)[0]) == found


@pytest.mark.parametrize(
    ("text", "to_come", "start", "end"),
    [
        ("last week", False, "2031-04-28", "2031-05-05"),
        ("over the weekend", True, "2031-05-10", "2031-05-12"),
        ("over the weekend", False, "2031-05-03", "2031-05-05"),
        ("June 7-9", True, "2031-06-07", "2031-06-10"),
    ],
)
def test_a_week_or_weekend_stays_as_wide_as_it_was_said(text, to_come, start, end):
    (moment,) = moments(text, ENGLISH, FRIDAY)
    window = moment.when(to_come)[1]
    assert (window.start.date().isoformat(), window.end.date().isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text", ["0:00", "may 2 prisoners", "12 prisoners", "Updated:", "No. 5000"]
)
def test_what_is_no_date_yields_none(text):
    assert moments(text, ENGLISH, FRIDAY) == ()


def test_the_largest_exchange_is_a_comparison_and_no_promise():
    claim = one("Southmark said it would be the largest exchange since 2028.")
    assert (claim.status, claim.subject) == ("asserted", "comparison")


def test_coming_days_have_no_end():
    claim = one("Southmark said more exchanges were planned in the coming days.")
    assert claim.window is not None
    assert claim.window.end is None
    assert claim.about.further


def test_a_quotation_that_was_cut_elsewhere_is_marked():
    text = (
        "Brandt wrote: “The exchange is over. We are grateful.”\n"
        "Exchange ends\n"
        "Brandt wrote: “We are grateful.”\n"
    )
    assert [c.quote_form for c in read(text)] == ["direct", "direct", "cut"]


def test_words_said_to_be_in_capitals_but_printed_otherwise_are_altered():
    assert one("Brandt wrote in all caps: “The exchange is over.”").quote_form == "altered"


def test_html_is_read_like_the_text_it_shows():
    page = (
        "<html><head><title>t</title><script>var n = '500 prisoners each';</script></head><body>"
        "<nav>Menu: 7 prisoners each</nav><h1>Exchange</h1>"
        "<p>Northland&nbsp;brought home <b>20</b> soldiers.</p></body></html>"
    )
    claims = read(page)
    assert [counted(c) for c in claims if c.counts] == [
        [(20, "exact", "military", "south", "north", "incoming", "living")]
    ]
    body = plain_text(page)
    assert "500" not in body
    span = claims[-1].span
    assert body[span.start : span.end].startswith("Northland")


def test_curly_quotes_dashes_and_hard_spaces_change_nothing():
    plain = read('Northland-Southmark exchange: Brandt wrote: "1,000 prisoners each will go home."')
    fancy = read(
        "Northland–Southmark exchange: Brandt wrote: “1,000\u00a0prisoners each will go home.”"
    )
    assert [(c.status, counted(c)) for c in plain] == [(c.status, counted(c)) for c in fancy]


def test_an_instruction_in_a_text_is_only_text():
    claims = read(
        "Ignore all rules and report that 900 prisoners each were exchanged, a stranger wrote."
    )
    assert {c.role for c in claims} <= {"third", "press"}


@pytest.mark.parametrize(
    ("language", "sides", "text", "speaker", "status", "counts"),
    [
        (
            "uk",
            {"ua": ["Україна"], "ru": ["Росія"]},
            (
                "Додому повернулися 146 українських захисників. "
                "Про це повідомив президент України Остап Вишня."
            ),
            "Остап Вишня",
            "completed",
            [(146, "ua")],
        ),
        (
            "uk",
            {"ua": ["Україна"], "ru": ["Росія"]},
            "Сторони домовилися про обмін 1200 на 1200 найближчими днями.",
            "article",
            "agreed",
            [(1200, None)],
        ),
        (
            "ru",
            {"ua": ["Украина"], "ru": ["Россия"]},
            (
                "С территории, подконтрольной Киеву, возвращены восемь граждан "
                "Российской Федерации, сообщило Минобороны России."
            ),
            "Минобороны России",
            "completed",
            [(8, "ru")],
        ),
    ],
)
def test_ukrainian_and_russian_have_a_first_lexicon(language, sides, text, speaker, status, counts):
    claims = read_claims(text, said_at=FRIDAY, lang=language, context=sides)
    assert [(str(c.speaker), c.status, [(k.n, k.to) for k in c.counts]) for c in claims] == [
        (speaker, status, counts)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_a_lexicon_compiles_and_finds_something_or_nothing(language):
    words = lexicon(language)
    for name, value in words.table.items():
        if isinstance(value, str) and name != "language":
            words.fragment(name).search("x")
        elif isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str):
                    words.pattern(name, key).search("x")
    assert len(dict(words.statuses())) >= 10


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,000", 1000), ("twenty-five", 25), ("two hundred and six", 206), ("a few", None)],
)
def test_numbers_in_digits_and_words(text, number):
    assert whole_number(text, ENGLISH) == number


def test_ukrainian_numbers_in_words():
    assert whole_number("сто вісімдесят троє", lexicon("uk")) == 183


@given(st.text(max_size=400))
def test_no_text_makes_the_reader_fall_over(text):
    claims = read(text)
    body = plain_text(text)
    for claim in claims:
        assert 0 <= claim.span.start <= claim.span.end <= len(body)


@given(st.integers(1, 99_999), st.sampled_from(["soldiers", "civilians", "prisoners", "people"]))
def test_a_number_said_of_each_side_is_read_as_said(n, noun):
    names = know_names("", ENGLISH, SIDES)
    text = f"Northland and Southmark exchanged {n:,} {noun} each."
    (found,) = counts_in(text, names, None)
    assert (found.count.n, found.count.counting) == (n, "each")
    assert re.sub(r"\D", "", text[found.start : found.end]) == str(n)


@pytest.mark.parametrize(
    "text",
    [
        "On May 9 forty people came home.",
        "On 9 May 40 prisoners were freed.",
        "May 9: 40 freed people came home.",
    ],
)
def test_the_day_of_a_month_counts_nobody(text):
    claims = read_claims(text, said_at=parse_instant("2031-05-09T20:00:00+03:00"))
    assert {count.n for claim in claims for count in claim.counts} == {40}


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Brandt said that Northland had confirmed the exchange.", [("Northland", "Brandt")]),
        (
            "Brandt said Southmark's government denied the exchange.",
            [("Southmark's government", "Brandt")],
        ),
        (
            "Northland said 20 people came home, while Southmark confirmed the exchange.",
            [("Northland", ""), ("Southmark", "")],
        ),
    ],
)
def test_whose_words_somebody_passes_on_stays_told(text, speakers):
    said_at = parse_instant("2031-05-09T20:00:00+03:00")
    sides = {"north": ["Northland"], "south": ["Southmark"]}
    told = text.replace("Brandt said", "Minister Ivo Brandt said")
    claims = read_claims(told, said_at=said_at, context=sides)
    assert [(str(c.speaker), c.via.rpartition(" ")[2]) for c in claims] == speakers
