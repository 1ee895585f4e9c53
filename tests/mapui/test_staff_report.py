"""The pages of the half-year report, and its PDF: tagged, titled, in its language, and frozen once signed."""

import logging
import re
import zlib

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from analysis.models import Report
from geo.moments import local_day
from mapui.report import bars_of, content_of, ended_half_years, span_words
from people.models import Membership, Officer, Posting
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.world import TODAY

PAGE = "/staff/navchannia/report/"
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def unpacked(pdf: bytes) -> bytes:
    """The PDF with everything in it that is compressed laid open."""
    found = [pdf]
    for packed in STREAM.findall(pdf):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)


def begun(client: Client, district: str = "1") -> Report:
    first, _last = ended_half_years(local_day(timezone.now()))[0]
    assert client.post(PAGE, {"district": district, "half": first.isoformat()}).status_code == 302
    return Report.objects.latest("pk")


@pytest.fixture
def officer(english: Client, office: Office) -> Client:
    """The officer of the north, reading English."""
    english.force_login(office.officer)
    return english


def test_half_years_that_have_ended_are_whole() -> None:
    assert [f"{first} {last}" for first, last in ended_half_years(TODAY, 2)] == [
        "2025-07-01 2025-12-31",
        "2025-01-01 2025-06-30",
    ]


def test_bars_tell_what_is_certain_and_what_a_span_leaves_open() -> None:
    chart = bars_of([("Noise", (5, 5)), ("Traffic", (1, 10))])
    assert [(row["least"], row["open"]) for row in chart["rows"]] == [(200.0, 0.0), (40.0, 360.0)]
    assert bars_of([])["rows"] == []
    assert span_words((3, 3)) == "3"


def test_report_is_written_looked_at_and_signed(officer: Client, office: Office) -> None:
    report = begun(officer)
    page = officer.get(f"{PAGE}{report.pk}/")
    assert "Draft, not signed" in page.text
    assert "too few to tell times" in page.text
    saved = officer.post(f"{PAGE}{report.pk}/write/", {"after": 0, "done": "Talks in <two> schools."}, follow=True)
    assert "Talks in &lt;two&gt; schools." in saved.text
    refused = officer.post(f"{PAGE}{report.pk}/write/", {"after": 0, "done": "Other"})
    assert refused.status_code == 422
    assert refused.text.count("Talks in &lt;two&gt; schools.") == 2, "as it stands, and in its versions"
    assert "Other" in refused.text
    signed = officer.post(f"{PAGE}{report.pk}/sign/", follow=True)
    assert "The report is signed." in signed.text
    assert "Sign the report" not in signed.text
    assert officer.post(f"{PAGE}{report.pk}/write/", {"after": 1, "done": "Late"}).status_code == 422


def test_pdf_is_tagged_and_has_a_title_a_language_and_the_mark_of_a_training(officer: Client, office: Office) -> None:
    report = begun(officer)
    officer.post(f"{PAGE}{report.pk}/write/", {"after": 0, "done": "Зустрічі: 12."})
    answer = officer.get(f"{PAGE}{report.pk}/report.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = unpacked(answer.content)
    assert pdf.startswith(b"%PDF-")
    for wanted in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"/Title", b"pdfuaid", b"/H1", b"/H2"):
        assert wanted in pdf, wanted
    # Numbers and words are in two files of the font: of one family only one would be taken, and the other left blank.
    assert b"+Inter-latin" in pdf
    assert b"+Inter-cyrillic" in pdf
    assert "these numbers are not real" in officer.get(f"{PAGE}{report.pk}/print/").text


def test_pdf_that_was_signed_is_the_same_for_ever(officer: Client, office: Office) -> None:
    report = begun(officer)
    officer.post(f"{PAGE}{report.pk}/sign/")
    first = officer.get(f"{PAGE}{report.pk}/report.pdf").content
    office.world.city.name_en = "Renamed"
    office.world.city.save()
    assert officer.get(f"{PAGE}{report.pk}/report.pdf").content == first


def test_a_pdf_leaves_the_log_to_requests(officer: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert officer.get(f"{PAGE}{begun(officer).pk}/report.pdf").status_code == 200
    assert [each.name for each in caplog.records if not each.name.startswith(("requests", "django"))] == []


def test_draft_names_who_began_it_and_the_frozen_pdf_who_signed(officer: Client, office: Office) -> None:
    report, world = begun(officer), office.world
    assert "<p>police captain Test Officer 1</p>" in officer.get(f"{PAGE}{report.pk}/").text
    world.acting.user = user_with_role(world, "officer", "acting@example.org")
    world.acting.save()
    Posting.objects.create(officer=world.acting, district=world.north, role="acting", during=("2025-01-01", None))
    officer.force_login(world.acting.user)
    officer.post(f"{PAGE}{report.pk}/sign/")
    assert "<p>police captain Test Officer 3</p>" in officer.get(f"{PAGE}{report.pk}/").text
    pdf = unpacked(officer.get(f"{PAGE}{report.pk}/report.pdf").content)
    assert b"police captain Test Officer 3" in pdf
    assert b"Test Officer 1" not in pdf


def test_report_names_the_card_of_its_own_city(office: Office) -> None:
    copy = build_office("inshe", west=26.0).world.city
    Officer.objects.create(
        city=copy, key="of-copy", name_uk="А", name_en="Trainee", user=office.officer, is_training=True,
        checked_on=TODAY,
    )  # fmt: skip
    with override("en"):
        named = [
            content_of(Report(city=city), {}, {}, by=by)["officer"]
            for city, by in (
                (office.world.city, office.officer), (copy, office.officer), (copy, office.supervisor)
            )
        ]  # fmt: skip
    assert named == ["police captain Test Officer 1", "Trainee", ""]


def test_whole_city_is_offered_to_its_supervisor_alone(officer: Client, office: Office) -> None:
    first, _last = ended_half_years(local_day(timezone.now()))[0]
    assert officer.post(PAGE, {"district": "*", "half": first.isoformat()}).status_code == 422
    officer.force_login(office.supervisor)
    report = begun(officer, "*")
    page = officer.get(f"{PAGE}{report.pk}/").text
    assert "Report of the district officers" in page
    assert "sensitive topics" not in page, "no quarter is released: that is not zero"
    officer.force_login(office.officer)
    assert officer.get(f"{PAGE}{report.pk}/").status_code == 404


def test_report_of_another_city_is_not_there(officer: Client, office: Office) -> None:
    report = begun(officer)
    elsewhere = build_office("inshe", west=26.0)
    officer.force_login(elsewhere.supervisor)
    assert officer.get(f"/staff/inshe/report/{report.pk}/").status_code == 404
    assert officer.get(f"/staff/inshe/report/{10**20}/").status_code == 404
    assert officer.get(f"{PAGE}{report.pk}/").status_code == 403
    Membership.objects.create(user=elsewhere.supervisor, city=office.world.city, role=Membership.Role.SUPERVISOR)
    assert officer.get(f"{PAGE}{report.pk}/").status_code == 200
    assert officer.get(f"/staff/inshe/report/{report.pk}/").status_code == 404
