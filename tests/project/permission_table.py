"""Which addresses there are, read from the resolver, and who may open each of them.

An address that stands in no row fails the build: add its name to the row that says who may open it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.static import serve

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
    (COORDINATORS, {}, "staff_days"),
    (COORDINATORS, COORDINATORS, "staff_day_off_new staff_day_off staff_day_moved_new staff_day_moved"),
    ({}, COORDINATORS, "staff_day_undo"),
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
    ("SMCR", "R", "R", "R", "appeals_holiday appeals_movedday"),
    ("SMCR", "CR", "CR", "CR", "appeals_legalterm"),
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
