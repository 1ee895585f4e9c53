"""Addresses of the pages. A city's pages come last: a slug may not hide anything above it."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from geo.labels import CODE, PAGES
from mapui.views import (
    conversations,
    health,
    letters,
    mistakes,
    pages,
    public,
    questions,
    staff_addresses,
    staff_analysis,
    staff_appeals,
    staff_board,
    staff_cards,
    staff_changes,
    staff_city,
    staff_days,
    staff_drafting,
    staff_exports,
    staff_leaves,
    staff_letter,
    staff_letter_desk,
    staff_mail,
    staff_mistakes,
    staff_moderation,
    staff_officers,
    staff_opening,
    staff_pages,
    staff_people,
    staff_phones,
    staff_prevention,
    staff_report,
    staff_spam,
    staff_statistics,
    staff_training,
    streets,
)


class DistrictCode(StringConverter):
    """A district's code, 12/1 too."""

    regex = CODE


register_converter(DistrictCode, "code")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("mapui.account_urls")),
    path("language/", set_language, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # --- letters --------------------------------------------------------------------------------------------
    path("letters/", conversations.letter, name="letter"),
    path("letters/new/", letters.write, name="write_letter"),
    path("letters/leave/", letters.leave, name="leave"),
    path("letters/privacy/", pages.privacy, name="privacy"),
    path("answer/", mistakes.mistake_answer, name="mistake_answer"),
    # --- staff ----------------------------------------------------------------------------------------------
    path("staff/", staff_appeals.home, name="staff_home"),
    path("staff/<slug:slug>/letters/", staff_appeals.appeals, name="staff_appeals"),
    path("staff/<slug:slug>/letters/new/", staff_letter_desk.enter, name="staff_appeal_enter"),
    path("staff/<slug:slug>/letters/openings/", staff_letter_desk.openings, name="staff_openings"),
    path("staff/<slug:slug>/letters/for-a-reason/", staff_letter_desk.open_for_reason, name="staff_open_for_reason"),
    path("staff/<slug:slug>/letters/<str:number>/", staff_letter.appeal, name="staff_appeal"),
    path("staff/<slug:slug>/letters/<str:number>/reply/", staff_letter.reply, name="staff_appeal_reply"),
    path(
        "staff/<slug:slug>/letters/<str:number>/photos/<uuid:photo>/", staff_letter.picture, name="staff_appeal_photo"
    ),
    path("staff/<slug:slug>/letters/<str:number>/<slug:name>/", staff_letter.deed, name="staff_appeal_move"),
    path("staff/<slug:slug>/board/", staff_board.board_page, name="staff_board"),
    path("staff/<slug:slug>/board/reassign/", staff_board.reassign, name="staff_reassign"),
    path("staff/<slug:slug>/statistics/", staff_statistics.statistics, name="staff_statistics"),
    path("staff/<slug:slug>/leaves/", staff_leaves.leaves, name="staff_leaves"),
    path("staff/<slug:slug>/leaves/new/", staff_leaves.new, name="staff_leave_new"),
    path("staff/<slug:slug>/leaves/<int:pk>/", staff_leaves.change, name="staff_leave"),
    path("staff/<slug:slug>/leaves/<int:pk>/end/", staff_leaves.end, name="staff_leave_end"),
    path("staff/<slug:slug>/leaves/deeds/<int:pk>/undo/", staff_leaves.undo, name="staff_leave_undo"),
    path("staff/<slug:slug>/report/", staff_report.reports, name="staff_reports"),
    path("staff/<slug:slug>/report/<int:pk>/", staff_report.report, name="staff_report"),
    path("staff/<slug:slug>/report/<int:pk>/print/", staff_report.printed, name="staff_report_print"),
    path("staff/<slug:slug>/report/<int:pk>/report.pdf", staff_report.pdf, name="staff_report_pdf"),
    path("staff/<slug:slug>/report/<int:pk>/<slug:name>/", staff_report.deed, name="staff_report_deed"),
    path("staff/<slug:slug>/mail/", staff_mail.mail, name="staff_mail"),
    path("staff/<slug:slug>/mail/<int:number>/again/", staff_mail.again, name="staff_mail_again"),
    path("staff/<slug:slug>/heatmap/", staff_analysis.heatmap, name="staff_heatmap"),
    path("staff/<slug:slug>/prevention/", staff_prevention.prevention, name="staff_prevention"),
    path("staff/<slug:slug>/prevention/new/", staff_prevention.record, name="staff_measure_new"),
    path("staff/<slug:slug>/prevention/past/", staff_prevention.evaluate, name="staff_past_evaluate"),
    path("staff/<slug:slug>/prevention/<int:number>/new/", staff_prevention.record, name="staff_place_measure"),
    path("staff/<slug:slug>/prevention/measures/<int:pk>/", staff_prevention.measure, name="staff_measure"),
    path(
        "staff/<slug:slug>/prevention/measures/<int:pk>/<slug:name>/", staff_prevention.deed, name="staff_measure_deed"
    ),
    path("staff/<slug:slug>/exports/", staff_exports.exports, name="staff_exports"),
    path("staff/<slug:slug>/exports/log/", staff_exports.log, name="staff_exports_log"),
    path("staff/<slug:slug>/exports/tokens/", staff_exports.make, name="staff_token_make"),
    path("staff/<slug:slug>/exports/tokens/<int:pk>/revoke/", staff_exports.revoke, name="staff_token_revoke"),
    path("staff/<slug:slug>/exports/<slug:what>/", staff_exports.export, name="staff_export"),
    path("staff/add-city/", staff_city.add, name="staff_add_city"),
    path("staff/<slug:slug>/opening/", staff_opening.opening, name="staff_opening"),
    path("staff/<slug:slug>/opening/move/", staff_opening.move, name="staff_stage"),
    path("staff/<slug:slug>/city/", staff_city.settings, name="staff_city"),
    path("staff/<slug:slug>/city/promise/", staff_city.make_promise, name="staff_promise"),
    path("staff/<slug:slug>/city/logo/", staff_city.logo, name="staff_logo"),
    path("staff/<slug:slug>/city/read/", staff_city.texts_read, name="staff_texts_read"),
    path("staff/<slug:slug>/days/", staff_days.days, name="staff_days"),
    *(
        path(f"staff/<slug:slug>/days/{listed}/{which}/", staff_days.day, {"listed": listed}, name=name)
        for listed in ("off", "moved")
        for which, name in (("new", f"staff_day_{listed}_new"), ("<int:pk>", f"staff_day_{listed}"))
    ),
    path("staff/<slug:slug>/days/deeds/<int:pk>/undo/", staff_days.undo, name="staff_day_undo"),
    path("staff/<slug:slug>/pages/", staff_pages.pages, name="staff_pages"),
    path("staff/<slug:slug>/pages/<slug:kind>/", staff_pages.page, name="staff_page"),
    path("staff/<slug:slug>/pages/<slug:kind>/<int:number>/", staff_pages.version, name="staff_page_version"),
    path("staff/<slug:slug>/phones/", staff_phones.phones, name="staff_phones"),
    path("staff/<slug:slug>/phones/checked/", staff_phones.checked, name="staff_phones_checked"),
    path("staff/<slug:slug>/phones/lines/new/", staff_phones.line, name="staff_line_new"),
    path("staff/<slug:slug>/phones/lines/<int:pk>/", staff_phones.line, name="staff_line"),
    path("staff/<slug:slug>/training/", staff_training.training, name="staff_training"),
    path("staff/<slug:slug>/training/<slug:name>/", staff_training.deed, name="staff_training_deed"),
    path("staff/<slug:slug>/moderation/", staff_moderation.moderation, name="staff_moderation"),
    path("staff/<slug:slug>/moderation/<str:number>/", staff_moderation.to_publish, name="staff_to_publish"),
    path("staff/<slug:slug>/spam/", staff_spam.suspected, name="staff_spam"),
    path("staff/<slug:slug>/spam/<str:number>/", staff_spam.suspect, name="staff_suspect"),
    path("staff/<slug:slug>/changes/", staff_changes.changes, name="staff_changes"),
    path("staff/<slug:slug>/changes/<int:pk>/", staff_changes.one, name="staff_change"),
    path("staff/<slug:slug>/cards/", staff_cards.cards, name="staff_cards"),
    path("staff/<slug:slug>/cards/<slug:kind>/<int:pk>/", staff_cards.card, name="staff_card"),
    path("staff/<slug:slug>/cards/<slug:kind>/<int:pk>/history/", staff_cards.history, name="staff_card_history"),
    path("staff/<slug:slug>/mistakes/", staff_mistakes.mistakes, name="staff_mistakes"),
    path("staff/<slug:slug>/mistakes/dismiss/", staff_mistakes.dismiss_chosen, name="staff_mistakes_dismiss"),
    path("staff/<slug:slug>/mistakes/<int:pk>/", staff_mistakes.mistake, name="staff_mistake"),
    path("staff/<slug:slug>/people/", staff_people.people, name="staff_people"),
    path("staff/<slug:slug>/people/deeds/", staff_people.deeds, name="staff_deeds"),
    path("staff/<slug:slug>/people/invite/", staff_people.invite, name="staff_invite"),
    path("staff/<slug:slug>/people/invitations/<int:pk>/withdraw/", staff_people.withdraw, name="staff_withdraw"),
    path("staff/<slug:slug>/people/<int:pk>/", staff_people.person, name="staff_person"),
    path("staff/<slug:slug>/people/<int:pk>/roles/", staff_people.change_roles, name="staff_roles"),
    path("staff/<slug:slug>/people/<int:pk>/password/", staff_people.new_password, name="staff_new_password"),
    path("staff/<slug:slug>/people/<int:pk>/<slug:name>/", staff_people.deed, name="staff_deed"),
    path("staff/<slug:slug>/officers/", staff_officers.officers, name="staff_officers"),
    path("staff/<slug:slug>/officers/preview/", staff_officers.preview, name="staff_officers_preview"),
    path("staff/<slug:slug>/officers/commit/", staff_officers.commit, name="staff_officers_commit"),
    path("staff/<slug:slug>/officers/<slug:name>.xlsx", staff_officers.workbook, name="staff_officers_workbook"),
    path("staff/<slug:slug>/addresses/", staff_addresses.addresses, name="staff_addresses"),
    path("staff/<slug:slug>/addresses/preview/", staff_addresses.preview, name="staff_addresses_preview"),
    path("staff/<slug:slug>/addresses/commit/", staff_addresses.commit, name="staff_addresses_commit"),
    path("staff/<slug:slug>/territories/draft/", staff_drafting.draft, name="staff_territory_draft"),
    *(
        path(
            f"staff/<slug:slug>/territories/streets.{kind}",
            staff_drafting.street_lists,
            {"kind": kind},
            name="staff_territory_streets",
        )
        for kind in ("csv", "xlsx")
    ),
    path("staff/<slug:slug>/boundaries/", include("mapui.boundary_urls")),
    path("staff/<slug:slug>/territories/", include("mapui.territory_urls")),
    # --- public ---------------------------------------------------------------------------------------------
    path("", public.home, name="home"),
    *(path(f"{kind}/", pages.page, {"kind": kind}, name="page") for kind in PAGES),
    path("<slug:slug>/", public.city, name="city"),
    *(path(f"<slug:slug>/{kind}/", pages.page, {"kind": kind}, name="city_page") for kind in PAGES),
    path("<slug:slug>/lookup/", public.lookup, name="lookup"),
    path("<slug:slug>/questions/", questions.questions, name="questions"),
    path("<slug:slug>/questions/<int:pk>/", questions.question, name="question"),
    path("<slug:slug>/<code:code>/", public.district, name="district"),
    path("<slug:slug>/<code:code>/write/", letters.write, name="write"),
    path("<slug:slug>/<code:code>/mistake/", mistakes.report_mistake, name="report_mistake"),
    path("<slug:slug>/<code:code>/streets/", streets.district_streets, name="district_streets"),
]
