"""What a writer chooses, and how a letter came. Each value is one word in database, API and code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """Two honest lanes: the officer's promise of two working days, and the law on citizens' appeals (393/96-ВР)."""

    FORMAL = "formal", _("formal appeal")
    MESSAGE = "message", _("message to the officer")


class Stance(models.TextChoices):
    """For whom the writer speaks."""

    MYSELF = "myself", _("for myself")
    ANOTHER = "another", _("on behalf of somebody")
    WITNESS = "witness", _("as a witness")


class AnswerBy(models.TextChoices):
    """How the writer learns of an answer. `receipt`: they come back themselves, and nobody contacts them."""

    RECEIPT = "receipt", _("I come back with the receipt")
    EMAIL = "email", _("by e-mail")
    PHONE = "phone", _("by phone")


class KeepFrom(models.TextChoices):
    """From whom the letter is kept: the district's officer, or a supervisor; then somebody above them answers."""

    NOBODY = "nobody", _("nobody")
    OFFICER = "officer", _("my district officer")
    SUPERVISOR = "supervisor", _("a supervisor")


class Addressee(models.TextChoices):
    """Who answers: the officers of the district, or the supervisors of the city alone."""

    OFFICER = "officer", _("district officer")
    SUPERVISOR = "supervisor", _("supervisor")


class Source(models.TextChoices):
    """How the letter came to us."""

    WEB = "web", _("written on the site")
    API = "api", _("sent by a program")
    PHONE = "phone", _("told by phone")
    PAPER = "paper", _("brought on paper")


OF_WRITERS_OWN_HAND = (Source.WEB.value, Source.API.value)
"""Whoever typed the others in at the desk had the receipt in hand too: it proves no consent of the writer."""


class Rating(models.TextChoices):
    """The one question after an answer: did it help?"""

    YES = "yes", _("it helped")
    PARTLY = "partly", _("it helped in part")
    NO = "no", _("it did not help")


class Publishing(models.TextChoices):
    """Where a letter stands that its writer lets be published: what became of the latest text."""

    NEW = "new", _("new")
    REFUSED = "refused", _("not published")
    DECLINED = "declined", _("the writer declined the text")
    ANSWERED = "answered", _("a new answer")
    OFFERED = "offered", _("waits for its writer")
    PUBLISHED = "published", _("published")
    TAKEN_OFF = "taken_off", _("taken off the site")


OWED = (Publishing.NEW, Publishing.DECLINED, Publishing.ANSWERED, Publishing.TAKEN_OFF)
"""A moderator owes the next step: a first text, another one, a new answer's; or one that was agreed to and is gone
since, because the consent was taken back and given again, or it was spam for a while."""
