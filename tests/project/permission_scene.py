"""Two cities with staff and letters, in which every address has something to be asked for."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from analysis.models import Measure, MeasureVersion, PreventionPlace, Report, Token
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
    StaffDeed,
    Station,
    User,
)
from people.proposing import propose
from people.subjects import fingerprint
from tests.appeals.conftest import Office, build_office, user_with_role
from tests.appeals.letters import new_letter, new_report
from tests.appeals.pictures import small_photo
from tests.project.permission_table import LETTER, LETTERS, ROLES, Address
from tests.world import NOON, TODAY, build_world


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
    "staff_token_revoke": "staff_token_revoke", "staff_day_off": "appeals_holiday",
    "staff_day_moved": "appeals_movedday", "staff_day_undo": "staff_day_undo",
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
        facts = {"list": "off", "before": None, "after": {"day": TODAY.isoformat(), "name_uk": "Свято"}}
        made["staff_day_undo"] = StaffDeed.objects.create(city=world.city, deed="day", at=NOON, facts=facts)
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
