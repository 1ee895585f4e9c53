"""Who may open what: every address of the site and its API, for every role, on one's own and on foreign things.

The table says who is let in; everybody else is stopped (asked to sign in, 403, 404 or 405) and has changed nothing in
the database. Nobody, let in or stopped, meets a letter that is not theirs to read; and nobody but the superuser meets a
word of another city, its people's names and e-mails, outside of that city's own public pages.
An address that stands in no row fails the build: add its name to the row that says who may open it.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.views.static import serve
from procrastinate.contrib.django.models import ProcrastinateJob

from analysis.models import Measure, MeasureVersion, PreventionPlace, Report, Token
from appeals import access
from appeals.models import (
    Appeal,
    CardReport,
    Category,
    Holiday,
    KeepFrom,
    LegalTerm,
    MartialLaw,
    MovedDay,
    Notice,
    NumberSeries,
    ReplyTemplate,
    RetentionRule,
)
from appeals.notices import enqueue
from appeals.services import mark_spam
from geo.models import District, DistrictBoundary, Settlement, Street
from people.inviting import invite
from people.leaves import Absence, put_down
from people.models import (
    HelpLine,
    Invitation,
    Leave,
    Membership,
    Officer,
    PageVersion,
    Posting,
    Station,
    User,
)
from people.proposing import propose
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter, new_report
from tests.appeals.pictures import small_photo
from tests.world import NOON, TODAY, build_world

ROLES = {
    "V": "visitor",
    "O": "officer",
    "S": "supervisor",
    "M": "moderator",
    "A": "analyst",
    "C": "coordinator",
    "R": "superuser",
}
"""All but the visitor and the superuser have a role in one city; the officer is posted to its north."""
ALL, STAFF = "VOSMACR", "OSMACR"

Access = dict[str, str]
"""Whose thing it is -> who is let in; what is not said is nobody.

`own`: of the own city and, of letters, of the own district. `district`: a letter of another district of the own city.
`kept`: a letter of the own district, kept from its officer. `city`: of another city. `none`: there is no such thing.
"""
ONE, BOTH = {"own": ALL}, {"own": ALL, "city": ALL}
READERS, RELEASES = {"own": "OS"}, {"own": "OSA"}
LETTER = {"own": "OS", "district": "S", "kept": "S"}
KEEPERS, COORDINATORS = {"own": "SCR", "city": "R"}, {"own": "CR", "city": "R"}
TEXT_KEEPERS = {"own": "SMCR", "city": "R"}

TABLE: tuple[tuple[Access, Access, str], ...] = (
    # Who by GET, who by POST, names of addresses.
    # --- everybody ---------------------------------------------------------------------------------------------
    (ONE, {}, "healthz readyz api-cities api-schema api-docs api-lookup account_inactive"),
    (ONE, ONE, "home letter language account_login account_logout write_letter mistake_answer invitation"),
    (ONE, {}, "privacy leave page"),
    ({}, ONE, "api-appeals api-appeals-by-receipt api-appeals-messages api-appeals-photo"),
    (BOTH, {}, "city city_page district district_streets api-districts api-streets"),
    (ONE, {}, "ogc-landing ogc-definition ogc-conformance ogc-collections ogc-collection ogc-items ogc-item"),
    (BOTH, BOTH, "write report_mistake api-addresses"),
    (BOTH | {"none": ALL}, BOTH, "lookup"),  # by GET it only leads to the city's page
    ({}, {}, "questions question"),  # of served cities alone, and these are in training: test_questions.py
    # --- letters -----------------------------------------------------------------------------------------------
    ({"own": STAFF}, {}, "staff_home"),
    ({"own": STAFF, "city": STAFF}, {}, "api-staff-appeals"),  # it holds what they may read: for most, nothing
    (READERS, {}, "staff_appeals"),
    (RELEASES, {}, "staff_exports staff_heatmap api-heatmap api-hours api-hotspots"),
    (READERS, {}, "api-changes"),
    (LETTER, {}, "staff_appeal staff_appeal_photo"),
    ({}, LETTER, "staff_appeal_reply staff_appeal_move"),
    (READERS, READERS, "staff_appeal_enter"),
    ({"own": "S"}, {}, "staff_openings staff_board staff_statistics"),
    ({"own": "S"}, {"own": "S"}, "staff_reassign"),
    ({"own": "R", "city": "R"}, {"own": "R", "city": "R"}, "staff_open_for_reason"),
    ({"own": "MR", "city": "R"}, {}, "staff_moderation staff_spam"),  # an administrator finds it empty
    ({"own": "M"}, {"own": "M"}, "staff_to_publish staff_suspect"),
    # --- exports ----------------------------------------------------------------------------------------------
    ({"own": "S"}, {}, "staff_export api-export staff_exports_log"),  # of live counts
    ({}, {"own": "SA"}, "staff_token_make"),
    ({}, {"own": "S"}, "staff_token_revoke"),  # somebody else's
    # --- prevention ------------------------------------------------------------------------------------------
    (READERS, {}, "staff_prevention staff_measure"),
    ({"own": "O"}, {"own": "O"}, "staff_measure_new staff_place_measure"),
    ({}, {"own": "O"}, "staff_measure_deed"),  # withdrawing; to comment is the supervisor's too: test_prevention.py
    ({}, {"own": "S"}, "staff_past_evaluate"),
    # --- the half-year report ----------------------------------------------------------------------------------
    (READERS, READERS, "staff_reports"),
    (READERS, {}, "staff_report staff_report_print staff_report_pdf"),
    ({}, READERS, "staff_report_deed"),
    # --- one's own sign-in -------------------------------------------------------------------------------------
    ({"own": STAFF}, {}, "here mfa_index mfa_list_webauthn"),
    ({"own": STAFF}, {"own": STAFF}, "account_reauthenticate mfa_activate_totp mfa_add_webauthn mfa_reauthenticate"),
    ({"own": STAFF}, {"own": STAFF}, "account_set_password"),  # leads on whoever has one
    ({"own": STAFF}, {"own": STAFF}, "mfa_reauthenticate_webauthn mfa_generate_recovery_codes"),
    ({"own": STAFF}, {"own": STAFF}, "mfa_authenticate"),  # leads on whoever has shown the second factor
    (
        {},
        {},
        "mfa_view_recovery_codes mfa_deactivate_totp mfa_remove_webauthn",
    ),  # there is none of them
    # --- a city's people and territory -------------------------------------------------------------------------
    ({"own": STAFF}, {"own": STAFF}, "account_change_password"),
    (KEEPERS, {}, "staff_officers staff_officers_workbook staff_addresses staff_boundaries staff_territories"),
    (KEEPERS, {}, "staff_mail staff_people staff_deeds"),
    ({}, {"own": "SC"}, "staff_mail_again"),
    (KEEPERS, {}, "staff_leaves"),
    ({"own": "OSMCR", "city": "R"}, {}, "staff_changes staff_card_history"),
    ({"own": "OSMCR", "city": "R"}, {"own": "OSMCR", "city": "R"}, "staff_change staff_card"),  # of the officer's card
    ({"own": "SMCR", "city": "R"}, {}, "staff_cards staff_mistakes"),
    ({"own": "SMCR", "city": "R"}, {"own": "SMCR", "city": "R"}, "staff_mistake"),
    ({}, {"own": "SMCR", "city": "R"}, "staff_mistakes_dismiss"),
    (KEEPERS, KEEPERS, "staff_leave_new staff_leave"),
    ({}, KEEPERS, "staff_leave_end staff_leave_undo"),
    (COORDINATORS, {}, "staff_person"),
    (COORDINATORS, {}, "staff_opening"),
    ({"own": "OSCR", "city": "R"}, {}, "staff_training"),
    ({}, COORDINATORS, "staff_training_deed"),
    (COORDINATORS, COORDINATORS, "staff_city"),
    ({}, COORDINATORS, "staff_stage staff_promise staff_texts_read staff_logo"),
    (COORDINATORS, {}, "staff_pages staff_page_version"),
    (COORDINATORS, COORDINATORS, "staff_page staff_line_new staff_line"),  # of the whole site: test_staff_pages.py
    (TEXT_KEEPERS, {}, "staff_phones"),
    ({}, TEXT_KEEPERS, "staff_phones_checked"),
    ({"own": "R"}, {"own": "R"}, "staff_add_city"),
    ({}, COORDINATORS, "staff_invite staff_withdraw staff_roles staff_new_password staff_deed"),
    (KEEPERS, {}, "staff_boundary_report staff_boundary_report_json staff_boundary_districts staff_boundary_findings"),
    (KEEPERS, {}, "staff_territory_report staff_territory_streets staff_boundary_exact staff_boundary_streets"),
    ({}, KEEPERS, "staff_officers_preview staff_officers_commit"),
    (COORDINATORS, COORDINATORS, "staff_boundaries_upload staff_boundary_edit"),
    (COORDINATORS, {}, "staff_territory_bring"),
    (COORDINATORS, COORDINATORS, "staff_territory_preview"),
    (KEEPERS, COORDINATORS, "staff_territory_draft staff_outline"),
    ({}, COORDINATORS, "staff_outline_use"),
    ({}, COORDINATORS, "staff_boundaries_withdraw staff_boundaries_roll_back staff_boundary_accept"),
    ({}, COORDINATORS, "staff_boundary_reject staff_boundary_activate staff_addresses_preview staff_addresses_commit"),
    ({}, COORDINATORS, "staff_territory_back staff_territory_commit staff_territory_resolve"),
    # --- the administration ------------------------------------------------------------------------------------
    ({}, {"own": STAFF}, "admin:login admin:logout"),  # a visitor is led to the site's own sign-in
    ({"own": STAFF}, {"own": STAFF}, "admin:index admin:password_change"),
    ({"own": STAFF}, {}, "admin:jsi18n admin:password_change_done"),
    ({"own": "SMCR"}, {}, "admin:autocomplete"),
    ({"own": "SMCR"}, {"own": "SMCR"}, "admin:app_list"),
    ({}, {}, "admin:view_on_site admin/url"),
)
ADMIN: tuple[tuple[str, str, str, str, str], ...] = (
    # Who looks, who adds, who changes, who deletes: in their own city, the superuser in any.
    ("SMCR", "SCR", "SCR", "R", "people_officer people_station"),
    ("SMCR", "SMCR", "SMCR", "CR", "people_posting"),
    ("SMCR", "SMCR", "SMCR", "SMCR", "people_leave"),
    ("SMCR", "R", "CR", "R", "geo_city"),
    ("SMCR", "CR", "CR", "R", "geo_district"),
    ("SMCR", "MCR", "MCR", "CR", "geo_settlement geo_street"),
    ("SMCR", "", "", "", "geo_boundaryedition"),
    (
        "R",
        "R",
        "R",
        "R",
        "people_membership people_user appeals_category auth_group appeals_replytemplate",
    ),
    ("R", "R", "R", "R", "appeals_martiallaw"),
    ("R", "", "R", "", "appeals_retentionrule"),
    ("SMCR", "CR", "CR", "CR", "appeals_holiday appeals_movedday appeals_legalterm"),
    ("R", "", "", "", "procrastinate_procrastinatejob"),
)


def admin_rows() -> Iterator[tuple[Access, Access, str]]:
    """The rows of the administration's addresses."""
    for look, add, change, delete, models in ADMIN:
        for model in models.split():
            name = f"admin:{model}_"
            yield {"own": look}, {"own": look}, f"{name}changelist"
            yield {"own": add}, {"own": add}, f"{name}add"
            yield _in_any(look), _in_any(look), f"{name}history"
            yield _in_any(look), _in_any(change), f"{name}change"
            yield _in_any(delete), _in_any(delete), f"{name}delete"
            # Leads whoever may sign in here to the page of the change, which says who may look.
            route = f"admin/{model.replace('_', '/')}/object_id/"
            yield dict.fromkeys(OBJECTS, STAFF), dict.fromkeys(OBJECTS, STAFF), route
    yield {"own": "R", "city": "R"}, {"own": "R", "city": "R"}, "admin:auth_user_password_change"


def _in_any(who: str) -> Access:
    return {"own": who, "city": "R" if "R" in who else ""}


OBJECTS = ("own", "city", "none")
LETTERS = ("own", "district", "kept", "city", "none")
ACCESS = {
    name: {"get": by_get, "post": by_post}
    for by_get, by_post, names in (*TABLE, *admin_rows())
    for name in names.split()
}


@dataclass(frozen=True)
class Address:
    """An address of the site: its name (its route where it has none), its route, what is to be filled in."""

    name: str
    route: str
    wanted: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of things that it can be asked for."""
        if self.name.startswith("staff_appeal") and "number" in self.wanted:
            return LETTERS
        has_city = self.name in WITH_CITY or {"slug", "object_id", "id"} & set(self.wanted)
        return OBJECTS if has_city and self.name != "admin:view_on_site" else ("own",)

    def filled(self, parts: dict[str, str]) -> str:
        """The path with its parts filled in."""
        return "/" + re.sub(r"<(\w+)>", lambda part: parts[part[1]], self.route)


WITH_CITY = {
    "api-districts", "api-addresses", "api-streets", "api-staff-appeals", "api-heatmap", "api-hours", "api-export",
    "api-hotspots", "api-changes",
}  # fmt: skip
"""Asked for a city by its query."""


def addresses() -> list[Address]:
    """Every address of the site, read from the resolver."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], before: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + _plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, route, namespace + inner)
        elif isinstance(pattern, URLPattern) and pattern.callback is not serve:  # media: a server's own in production
            name = namespace + pattern.name if pattern.name else re.sub("[<>]", "", route)
            yield Address(name, route, tuple(re.findall(r"<(\w+)>", route)))


def _plain(route: str) -> str:
    """Write a route or a regular expression with its parts as <name>."""
    route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route.removeprefix("^").removesuffix("$"))
    return re.sub(r"<\w+:(\w+)>", r"<\1>", route)


def test_every_address_is_in_the_table() -> None:
    known, there = set(ACCESS), {address.name for address in addresses()}
    missing = [f"“{name}”: say in TABLE of {__name__} who may open it" for name in sorted(there - known)]
    gone = [f"“{name}”: is no address any more, take it out" for name in sorted(known - there)]
    assert not missing + gone, "\n".join(["", *missing, *gone])


# --- The world ----------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """Two cities with staff and letters, and everything an address can be filled with."""

    own: Office
    city: Office
    letters: dict[str, Appeal]
    public: dict[str, Appeal]
    spam: dict[str, Appeal]
    photos: dict[str, str]
    rows: dict[str, dict[str, int]]

    def parts(self, kind: str, address: Address) -> dict[str, str]:
        """What to fill in for a kind of thing."""
        office = {"city": self.city, "none": None}.get(kind, self.own)
        letter = self.letters.get(kind)
        parts = {
            "slug": office.world.city.slug if office else "nema",
            "code": "1", "number": "1", "name": "officers", "path": "x", "url": "x/", "app_label": "people",
            "content_type_id": str(ContentType.objects.get_for_model(Appeal).pk), "kind": "csv", "what": "cells",
            "collection": "districts", **({"kind": "officer"} if address.name.startswith("staff_card") else {}),
        }  # fmt: skip
        if "feature" in address.wanted:
            served = DistrictBoundary.objects.filter(district__city__slug="pilotne")
            parts |= {"feature": str(served.values_list("pk", flat=True)[0])}
        if kind in LETTERS and "number" in address.wanted and address.name.startswith("staff_appeal"):
            parts |= {"slug": self.city.world.city.slug if kind == "city" else self.own.world.city.slug}
            parts |= {"number": letter.public_number if letter else "2026-09999", "name": "accept"}
            parts |= {"photo": self.photos.get(kind, str(uuid.uuid4()))}
        if address.name in {"staff_to_publish", "staff_suspect"}:
            moderated = self.public if address.name == "staff_to_publish" else self.spam
            parts |= {"number": moderated[kind].public_number if kind in moderated else "2026-09999"}
        if address.name.startswith("staff_measure"):
            parts |= {"pk": str(self.rows["analysis_measure"].get(kind, 0)), "name": "withdraw"}
        elif address.name.startswith("staff_report"):
            parts |= {"pk": str(self.rows["analysis_report"].get(kind, 0)), "name": "write"}
        elif address.name.startswith("staff_leave"):
            row = "staff_leave_undo" if address.name == "staff_leave_undo" else "people_leave"
            parts |= {"pk": str(self.rows[row].get(kind, 0))}
        elif address.name.startswith("staff_page"):
            parts |= {"kind": "about"}
        elif address.name == "staff_line":
            parts |= {"pk": str(self.rows["staff_line"].get(kind, 0))}
        elif address.name in ROWS_OF:
            parts |= {"pk": str(self.rows[ROWS_OF[address.name]].get(kind, 0))}
        elif address.name == "staff_training_deed":
            parts |= {"name": "copy"}
        elif "pk" in address.wanted:
            parts |= {"pk": str(self.rows["people_user"].get(kind, 0)), "name": "disable"}
        if address.name == "staff_mail_again":
            parts |= {"number": str(self.rows["staff_mail_again"].get(kind, 0))}
        model = re.match(r"admin/(\w+)/(\w+)/", address.route)
        key = self.rows.get(f"{model[1]}_{model[2]}", {}).get(kind, 0) if model else self.letters["own"].pk
        return parts | {"object_id": str(key), "id": str(key)}

    def foreign_to(self, role: str) -> list[str]:
        """Words that no answer to that role may hold: texts and numbers of letters that are not theirs to read."""
        mine = {kind for kind, who in LETTER.items() if role in who}
        others = [letter for kind, letter in self.letters.items() if kind not in mine]
        return [word for letter in others for word in (letter.text, letter.public_number)]


ROWS_OF = {
    "staff_card": "people_officer", "staff_card_history": "people_officer", "staff_change": "staff_change",
    "staff_mistake": "staff_mistake", "staff_withdraw": "staff_withdraw",
    "staff_token_revoke": "staff_token_revoke",
}  # fmt: skip
"""Which row an address names, where it is nobody's account."""
FOREIGN = "Чужинський"
"""Stands in everything of the other city that has a name, and nowhere else."""


def name_foreign(city: Office) -> None:
    """Let the names of the other city's people and things be its own: the two cities are alike in all else."""
    of_city = {"city": city.world.city}
    for rows in (
        Officer.objects.filter(**of_city), Station.objects.filter(**of_city), District.objects.filter(**of_city),
        Settlement.objects.filter(**of_city), Street.objects.filter(**of_city), Holiday.objects.filter(**of_city),
        HelpLine.objects.filter(**of_city),
    ):  # fmt: skip
        rows.update(name_uk=FOREIGN, name_en=FOREIGN)
    for report in CardReport.objects.filter(**of_city):
        report.put_words(text=FOREIGN, email="")
        report.save()
    for rows in (MovedDay.objects.filter(**of_city), LegalTerm.objects.filter(**of_city)):
        rows.update(source=FOREIGN)
    Invitation.objects.filter(**of_city).update(name=FOREIGN)
    User.objects.filter(memberships__city=city.world.city).update(first_name=FOREIGN)


def build_scene() -> Scene:
    """Two training cities, one row of everything in each, letters of each kind; a pilot city for the lookup."""
    own, city = build_office("svoie"), build_office("chuzhe", west=26.0)
    build_world("pilotne", west=27.0)
    rows: dict[str, dict[str, int]] = {}
    for kind, office in (("own", own), ("city", city)):
        world, last = office.world, {"own": 1110, "city": 2220}[kind]
        NumberSeries.objects.create(city=world.city, year=NOON.year, last=last)
        user = User.objects.create_user(f"somebody@{kind}.example.org")
        made: dict[str, Any] = {
            "geo_city": world.city,
            "geo_district": world.north,
            "geo_boundaryedition": world.edition,
            "geo_settlement": Settlement.objects.create(city=world.city, name_uk="Село"),
            "geo_street": Street.objects.create(city=world.city, name_uk="вулиця Тиха"),
            "people_station": world.station,
            "people_officer": world.officer,
            "people_posting": Posting.objects.get(officer=world.officer),
            "people_leave": Leave.objects.get(officer=world.officer_on_leave),
            "staff_leave_undo": put_down(
                by=office.supervisor, officer=world.acting, absence=Absence(TODAY, TODAY), at=NOON
            ),
            "staff_mistake": new_report(world.city),
            "people_user": user,
            "people_membership": Membership.objects.create(user=user, city=world.city, role="moderator"),
            "staff_line": HelpLine.objects.create(
                city=world.city, phone="044 300", name_uk="Телефон", purpose="government", checked_on=TODAY
            ),
            "appeals_category": Category.objects.first(),
            "auth_group": user.groups.create(name=kind),
            "appeals_replytemplate": ReplyTemplate.objects.first(),
            "appeals_martiallaw": MartialLaw.objects.first(),
            "appeals_retentionrule": RetentionRule.objects.first(),
            "appeals_holiday": Holiday.objects.create(city=world.city, day=NOON, name_uk="Свято", source="тест"),
            "appeals_movedday": MovedDay.objects.create(city=world.city, day=NOON, kind="working", source="тест"),
            "appeals_legalterm": LegalTerm.objects.create(
                city=world.city, key="message", number=3, unit="working_day", source="тест", checked_on=NOON
            ),
        }
        PageVersion.objects.create(
            city=world.city, kind="about", number=1, text_uk="Текст міста.", by=office.supervisor, at=NOON
        )
        invitation, _key = invite(
            by=user_with_role(world, "coordinator", f"inviting@{kind}.example.org"),
            city=world.city, email=f"new@{kind}.example.org", name="Нова Людина", roles=["moderator"], officer=None,
            at=timezone.now(),
        )  # fmt: skip
        made["staff_withdraw"] = invitation
        made["analysis_report"] = Report.objects.create(
            city=world.city, district=world.north, first=TODAY, last=TODAY, begun_by=office.officer, begun_at=NOON
        )
        made["analysis_measure"] = new_measure(office)
        made["staff_token_revoke"] = Token.objects.create(
            city=world.city, owner=office.supervisor, name="QGIS", kinds=["releases"], key_hash=kind, sign_outs=0,
            made_at=NOON, expires_at=NOON + timedelta(days=90),
        )  # fmt: skip
        world.officer.refresh_from_db()
        made["staff_change"] = propose(
            by=User.objects.get(email=f"inviting@{kind}.example.org"), city=world.city, row=world.officer,
            changes={"rank_uk": "майор поліції"}, why=FOREIGN if kind == "city" else "Так сказали",
            shown=fingerprint(world.officer), at=NOON,
        )  # fmt: skip
        for name, row in made.items():
            rows.setdefault(name, {})[kind] = row.pk
    photo = [small_photo()]
    letters = {
        "own": new_letter(own.world, text="Лист зі свого району.", photos=photo),
        "district": new_letter(
            own.world, district="3", point=own.world.in_south, text="Лист із сусіднього району.", photos=photo
        ),
        "kept": new_letter(own.world, keep_from=KeepFrom.OFFICER, text="Лист повз дільничного.", photos=photo),
        "city": new_letter(city.world, point=city.world.in_north, text="Лист із чужого міста.", photos=photo),
    }
    for kind, office in (("own", own), ("city", city)):
        failed = Notice.objects.create(
            event=kind, appeal=letters[kind].appeal, city=office.world.city, side="writer", kind="answered",
            state="failed", announced_at=NOON, settled_at=NOON,
        )  # fmt: skip
        rows.setdefault("staff_mail_again", {})[kind] = failed.pk
        enqueue(failed, at=timezone.now() + timedelta(days=1))
        rows.setdefault("procrastinate_procrastinatejob", {})[kind] = ProcrastinateJob.objects.latest("pk").pk
    name_foreign(city)
    public = {
        "own": new_letter(own.world, text="Це можна всім читати.").appeal,
        "city": new_letter(city.world, point=city.world.in_north, text="Це можна читати там.").appeal,
    }
    Appeal.objects.filter(pk__in=[letter.pk for letter in public.values()]).update(may_publish_since=NOON)
    spam = {
        "own": new_letter(own.world, text="Купуйте наші вікна.").appeal,
        "city": new_letter(city.world, point=city.world.in_north, text="Купуйте їхні двері.").appeal,
    }
    for kind, office in (("own", own), ("city", city)):
        mark_spam(appeal=spam[kind], by=office.supervisor, at=NOON)
    photos = {kind: str(sent.appeal.photos.get().pk) for kind, sent in letters.items()}
    return Scene(own, city, {kind: sent.appeal for kind, sent in letters.items()}, public, spam, photos, rows)


def new_measure(office: Office) -> Measure:
    """A patrol in the north, at the first place of its city."""
    place = PreventionPlace.objects.create(
        city=office.world.city, district=office.world.north, number=1, zoom=17, cells=[1], first=NOON, last=NOON,
        recorded_by=office.officer, recorded_at=NOON,
    )  # fmt: skip
    measure = Measure.objects.create(place=place, key=uuid.uuid4())
    MeasureVersion.objects.create(
        measure=measure, number=1, kind="patrol", state="done", on=NOON, by=office.officer, at=NOON
    )
    return measure


def sign_in(scene: Scene, role: str) -> Client:
    """A browser of somebody in that role."""
    client = Client(raise_request_exception=False)
    if role == "V":
        return client
    if role == "R":
        user = User.objects.create_superuser("root@example.org", "one two three four")
    else:
        own = {"O": scene.own.officer, "S": scene.own.supervisor}
        user = own.get(role) or user_with_role(scene.own.world, ROLES[role], "one@example.org")
        user.is_staff = True
        user.set_password("one two three four")
        user.save()
    client.force_login(user)
    return client


# --- The walk -----------------------------------------------------------------------------------------------

WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)
MARKED_AS_READ = {"appeals_opening", "appeals_appeal", "appeals_message", "analysis_export"}
"""What looking writes: who opened a letter, and that it was read; who took a file away."""
UNTOLD = {"django_session", "people_sign_in_tries"}


def ask(client: Client, scene: Scene, address: Address, kind: str, method: str) -> tuple[Any, str, set[str]]:
    """Ask, take back what was done; return the answer, its words and the tables that were written to."""
    parts = scene.parts(kind, address)
    data: dict[str, str] = {}
    if address.name in WITH_CITY:
        data = {"city": parts["slug"], "q": "Тиха"}
        if address.name == "api-export":
            data |= {"what": "cells", "format": "csv"}
    elif address.name == "api-lookup":
        data = {"lat": "49.995", "lon": "27.005"}
    elif address.name == "admin:autocomplete":
        data = {"app_label": "people", "model_name": "officer", "field_name": "station"}
    with access._seeing(access._NOBODY), transaction.atomic(), CaptureQueriesContext(connection) as asked:
        path = address.filled(parts)
        response: Any = client.get(path, data) if method == "get" else client.post(path, data | {"body": "Відповідь."})
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    written = {found[1] for query in asked if (found := WRITES.match(query["sql"]))}
    return response, body.decode(errors="replace"), written - UNTOLD


def is_let_in(response: HttpResponse) -> bool:
    """Whether the page did what it is for, rather than stop the one who asked."""
    leads = response.get("Location", "")
    if leads.startswith(("/account/login/", "/admin/login/")) or leads == "/admin/":
        return False
    return response.status_code not in {401, 403, 404, 405}


@pytest.mark.parametrize("role", ROLES, ids=ROLES.values())
@override_settings(PUBLIC_API_RATE_PER_MINUTE=0)
def test_each_role_opens_what_the_table_says_and_nothing_else(db: None, role: str) -> None:
    scene = build_scene()
    client, foreign, wrong = sign_in(scene, role), scene.foreign_to(role), []
    signed_in = client.cookies.copy()
    for address in addresses():
        for kind in address.kinds:
            for method in ("get", "post"):
                response, body, written = ask(client, scene, address, kind, method)
                asked_for = response.wsgi_request.path  # a page may repeat the address it was asked by
                client.cookies = signed_in.copy()
                wanted = role in ACCESS[address.name][method].get(kind, "")
                what = f"{method.upper()} {address.name} ({kind}): {response.status_code}"
                if response.status_code >= 500:
                    wrong.append(f"{what}, an error")
                elif wanted != is_let_in(response):
                    wrong.append(f"{what} {response.get('Location', '')}, should be {'open' if wanted else 'stopped'}")
                if (not wanted or method == "get") and written - (MARKED_AS_READ if wanted else set()):
                    wrong.append(f"{what}, and wrote to {', '.join(sorted(written))}")
                if role != "R" and FOREIGN in body and not (kind == "city" and wanted):
                    wrong.append(f"{what}, and told of the other city")
                wrong += [f"{what}, and told “{word}”" for word in foreign if word in body and word not in asked_for]
    assert not wrong, "\n".join(["", *wrong])
