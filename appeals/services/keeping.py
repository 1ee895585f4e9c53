"""What the staff write down about a letter: notes for each other, its category, its entry in the unified register."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.errors import BadRegistration, KeyUsedForAnotherMessage, NotPossibleNow
from appeals.models import Appeal, Category, Note, Registration
from appeals.services.history import recorded, taken
from appeals.services.words import worded
from geo.moments import local_day
from people.models import User

REGISTER_NUMBER_MAX = 40
"""Characters of a number in the unified register, at most."""


@transaction.atomic
def add_note(*, appeal: Appeal, author: User, body: str, written_at: datetime.datetime, key: uuid.UUID) -> Note:
    """Keep an internal note; its writer never reads it. A repeated `key` adds nothing.

    Raises NotYours, TextMissing, KeyUsedForAnotherMessage.
    """
    body = worded(body)
    appeal = taken(appeal, by=author, at=written_at)
    if earlier := appeal.notes.filter(key=key).first():
        if earlier.body != body:
            raise KeyUsedForAnotherMessage(_("Other words were already kept under this key."))
        return earlier
    note = Note(appeal=appeal, key=key, author=author, written_at=written_at)
    note.seal("body", body)
    note.save(force_insert=True)
    return note


@transaction.atomic
def change_category(*, appeal: Appeal, to: Category, by: User, at: datetime.datetime) -> Appeal:
    """Say what a letter is about in truth. Into a protected category its place is sealed, out of one shown again.

    What was published of it is gone at once where the new category is protected, and its writer's consent with it.

    Raises NotYours, NotPossibleNow where it has that category already.
    """
    appeal = taken(appeal, by=by, at=at)
    if to.pk == appeal.category_id:
        raise NotPossibleNow(_("The letter has this category already."))
    facts = {"from": appeal.category.slug, "to": to.slug}
    place = appeal.place
    appeal.category, appeal.protected = to, to.protected
    appeal.put_place(place, building=appeal.building_hash)
    appeal.may_publish_since = None if to.protected else appeal.may_publish_since
    appeal.save(update_fields=["category", "protected", "place_sealed", "location", "may_publish_since"])
    recorded(appeal, "category", at=at, by=by, facts=facts)
    return appeal


@transaction.atomic
def register(*, appeal: Appeal, registration: Registration, by: User, at: datetime.datetime) -> Appeal:
    """Write down under which number a crime report was entered in the unified register; a second one replaces it.

    The number is sealed: it ties a person's letter to a proceeding. Raises NotYours, BadRegistration.
    """
    appeal = taken(appeal, by=by, at=at)
    number = " ".join(registration.number.split())
    if not 0 < len(number) <= REGISTER_NUMBER_MAX:
        raise BadRegistration(_("Write the number, at most %(most)s characters.") % {"most": REGISTER_NUMBER_MAX})
    if not appeal.received_on <= registration.on <= local_day(at):
        raise BadRegistration(_("The day lies between the day of receipt and today."))
    appeal.put_registration(Registration(number, registration.on))
    appeal.save(update_fields=["registration_sealed"])
    recorded(appeal, "registered", at=at, by=by)
    return appeal
