"""Every column that could hold a word is known: a citizen's, the staff's or nobody's. Citizens' rows are guarded."""

from collections.abc import Mapping
from itertools import chain

from django.db import connection

CITIZENS: Mapping[str, str] = {
    "appeals_appeal": "receipt_hash content_hash building_hash location text_sealed writer_sealed place_sealed"
    " registration_sealed rating stance",
    "appeals_cardreport": "text_sealed email_sealed code_hash wrapped",
    "appeals_event": "facts reason_sealed",
    "appeals_letterkey": "wrapped",
    "appeals_message": "body_sealed",
    "appeals_note": "body_sealed",
    "appeals_opening": "reason_sealed",
    "appeals_photo": "original_hash content_sealed small_sealed",
    "appeals_publicquestion": "question answer",
    "appeals_publicversion": "body_sealed agreed_hash",
}
"""What somebody of the public wrote, sent or is known by, and what is said about them. Each of these tables has
row-level security, enabled and forced (docs/adr/0007)."""
STAFF: Mapping[str, str] = {
    "account_emailaddress": "email",
    "account_emailconfirmation": "key",
    "analysis_export": "asked",
    "analysis_measurecomment": "text",
    "analysis_measureversion": "text",
    "analysis_report": "content pdf",
    "analysis_reportversion": "words",
    "analysis_token": "name key_hash",
    "appeals_cardreport": "answer",
    "appeals_exerciserun": "results",
    "django_admin_log": "object_id object_repr change_message",
    "django_session": "session_key session_data",
    "geo_boundaryedition": "recorded_by rejected_by",
    "geo_cityoutline": "recorded_by",
    "geo_editionperiod": "activated_by",
    "geo_editionwithdrawal": "activated_by withdrawn_by",
    "geo_territorylist": "recorded_by reason",
    "mfa_authenticator": "data",
    "people_invitation": "email name roles key_hash",
    "people_officer": "key rank_uk rank_en name_uk name_en photo phone email reception_uk reception_en languages",
    "people_proposal": "subject_name was proposed replaced became why reason",
    "people_staffdeed": "whom_email roles_before roles_after facts",
    "people_user": "password first_name last_name email",
}
"""Accounts of the staff and what they write down: asked for before anybody is signed in, or public as cards are."""
NOBODY: Mapping[str, str] = {
    "analysis_areafigure": "category",
    "analysis_areaplan": "sensitivity addresses_sha256",
    "analysis_export": "what format",
    "analysis_hourfigure": "category",
    "analysis_measureversion": "kind state",
    "analysis_partfigure": "category",
    "analysis_pastevaluation": "verdict figures parameters",
    "analysis_preventionplace": "cells",
    "analysis_release": "kind categories",
    "analysis_releasearea": "reason shape inside",
    "analysis_monthcount": "until",  # numbers
    "analysis_token": "kinds",
    "appeals_appeal": "rule why lane state addressee answer_by source",
    "appeals_body": "purpose name_uk name_en contact_uk contact_en",
    "appeals_cardreport": "district_code state wrapped_by",
    "appeals_category": "slug name_uk name_en guidance_uk guidance_en lane",
    "appeals_erasure": "what why",
    "appeals_event": "kind state_before state_after",
    "appeals_exerciseletter": "task",
    "appeals_holiday": "name_uk name_en source",
    "appeals_legalterm": "key unit source",
    "appeals_letterkey": "wrapped_by",
    "appeals_martiallaw": "source",
    "appeals_message": "side",
    "appeals_movedday": "kind source",
    "appeals_notice": "event side kind state trouble",
    "appeals_openingdigest": "previous digest signature",
    "appeals_photo": "content_type",
    "appeals_replytemplate": "name_uk name_en body_uk body_en",
    "appeals_retentionrule": "what unit source least_source",
    "auth_group": "name",
    "auth_permission": "name codename",
    "django_content_type": "app_label model",
    "django_migrations": "app name",
    "geo_borderpiece": "piece",
    "geo_boundaryedition": "source licence source_sha256 report accepted",
    "geo_city": "slug katottg name_uk name_en stage outline data_licence accent welcome_en welcome_uk"
    " basemap_attribution basemap_url logo texts_read",
    "geo_cityoutline": "outline source",
    "geo_district": "code name_uk name_en",
    "geo_districtboundary": "boundary",
    # Of a caller's address a keyed hash, for as long as the window of a limit lasts: counted before anybody is known.
    "geo_doorcount": "door caller_hash",
    "geo_house": "number location key",
    "geo_landmark": "kind name_uk name_en shape",
    "geo_settlement": "kind name_uk name_en",
    "geo_simplifiedboundary": "geometry_json",
    "geo_street": "name_uk name_en line key",
    "geo_streetname": "kind name key houses source",
    "geo_territorylist": "source source_sha256",
    "geo_territoryrule": "named named_settlement houses notes text unread",
    "mfa_authenticator": "type",
    "people_helpline": "phone name_uk name_en purpose",
    "people_membership": "role",
    "people_officer": "kind",
    "people_pageversion": "kind text_uk text_en",
    "people_posting": "role",
    "people_proposal": "kind through state",
    # Tries to sign in: the key of a limit is a keyed hash, its value some moments.
    "people_sign_in_tries": "cache_key value",
    "people_staffdeed": "deed",
    "people_station": "key name_uk name_en address_uk address_en location phone hours_uk hours_en",
    # A job carries the number of a row (tests/appeals/test_jobs.py).
    "procrastinate_events": "type",
    "procrastinate_jobs": "queue_name task_name lock args status queueing_lock",
    "procrastinate_periodic_defers": "task_name periodic_id",
}
"""Public data, names of choices, codes, seals of the server."""
COLUMNS = """
    SELECT c.relname, a.attname
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory NOT IN ('N', 'B', 'D', 'R') AND t.typname <> 'uuid'
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
"""All that can hold words, pictures or places: not numbers, flags, moments and spans."""
GUARDED = """
    SELECT relname FROM pg_class AS c
    WHERE relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)
"""


def listed(table: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, column) for name, columns in table.items() for column in columns.split()]


def asked(question: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def test_whose_every_column_is_was_decided(db: None) -> None:
    known = list(chain.from_iterable(listed(table) for table in (CITIZENS, STAFF, NOBODY)))
    assert len(known) == len(set(known))
    found = set(asked(COLUMNS))
    assert found - set(known) == set(), "say whose these are; a citizen's need row-level security"
    assert set(known) - found == set(), "these are gone"


def test_every_table_with_a_citizens_data_is_guarded_by_the_database(db: None) -> None:
    assert set(CITIZENS) - {name for (name,) in asked(GUARDED)} == set()
