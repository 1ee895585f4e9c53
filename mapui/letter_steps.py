"""The three steps of a letter, as forms: where, what, how to answer. The letter lives in the page's fields alone."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, cast

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from appeals.drafts import Draft
from appeals.models import AnswerBy, Category, KeepFrom, Lane, Stance
from appeals.receipts import new_idempotency_key
from appeals.routing import supervisors_of
from appeals.services import EMAIL_MAX, TEXT_MAX
from geo.lookup import BadCoordinates, parse_point
from geo.models import City
from mapui.letter_forms import NO_PHONE_NUMBER, CategoryChoice


class Step(StrEnum):
    """Where the writer is."""

    WHERE = "where"
    WHAT = "what"
    HOW = "how"
    PREVIEW = "preview"


class StepForm(forms.Form):
    """One step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class WhereForm(StepForm):
    """Where it is: a district of a city, and if the writer likes, a place in it."""

    city = forms.CharField(max_length=60)
    district = forms.CharField(max_length=40)
    address = forms.CharField(
        label=gettext_lazy("Address (if you like)"),
        help_text=gettext_lazy("Street and house; entrance or flat if it matters."),
        max_length=200,
        required=False,
    )
    lat = forms.CharField(required=False, max_length=40)
    lon = forms.CharField(required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """Read the place: (longitude, latitude) in degrees, or None."""
        data = self.cleaned_data
        data["place"] = None
        if data.get("lat") or data.get("lon"):
            try:
                data["place"] = parse_point(data.get("lat", ""), data.get("lon", ""))
            except BadCoordinates as reason:
                self.add_error(None, str(reason))
        return data


class WhatForm(StepForm):
    """What it is about."""

    category = CategoryChoice(
        label=gettext_lazy("What is it about?"),
        to_field_name="slug",
        empty_label=None,
        blank=False,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what it is about."),
            "invalid_choice": gettext_lazy("Choose what it is about."),
        },
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("For whom do you write?"),
        choices=Stance,
        initial=Stance.MYSELF,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for whom you write.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("Where, when, how often. Do not write passwords or bank cards."),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write what happened: the text is empty.")},
    )
    shared = forms.BooleanField(label=gettext_lazy("Others use this device: keep no draft on it"), required=False)


HOW_TO_ANSWER: Final = [
    (AnswerBy.RECEIPT, gettext_lazy("I will come back here with the receipt. Nobody contacts me.")),
    (AnswerBy.EMAIL, gettext_lazy("The officer may also write to my e-mail.")),
    (AnswerBy.PHONE, gettext_lazy("The officer may call me.")),
]


class HowForm(StepForm):
    """How the writer wants to be answered, and by whom not to be read.

    `is_protected`: the topic needs special care; `supervisors`: whom a letter may be kept from, by key.
    """

    lane = forms.ChoiceField(
        label=gettext_lazy("What do you send?"),
        choices=[
            (
                Lane.MESSAGE,
                gettext_lazy("A message to the officer. You may stay nameless; the answer comes in two working days."),
            ),
            (
                Lane.FORMAL,
                gettext_lazy(
                    "A formal appeal under the law on citizens’ appeals. It needs your name, place of residence and a "
                    "contact; the law gives 15 days, or a month where something has to be looked into."
                ),
            ),
        ],
        initial=Lane.MESSAGE,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you send.")},
    )
    answer_by = forms.ChoiceField(
        label=gettext_lazy("How will you read the answer?"),
        choices=HOW_TO_ANSWER,
        initial=AnswerBy.RECEIPT,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how you will read the answer.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Only if others at home cannot read this mailbox."),
        max_length=EMAIL_MAX,
        required=False,
    )
    phone = PhoneNumberField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("Only if nobody else answers or looks through this phone."),
        required=False,
        error_messages={"invalid": NO_PHONE_NUMBER},
    )
    risk = forms.BooleanField(
        label=gettext_lazy(
            "I know: whoever opens my mailbox or my phone may see that I wrote here. Nobody but me does."
        ),
        required=False,
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("A message may be nameless; a formal appeal needs surname, first name, patronymic."),
        max_length=120,
        required=False,
    )
    residence = forms.CharField(
        label=gettext_lazy("Place of residence"),
        help_text=gettext_lazy("Only for a formal appeal: the law asks for it."),
        max_length=200,
        required=False,
    )
    keep_from = forms.ChoiceField(
        label=gettext_lazy("Who may read it?"),
        choices=[
            (KeepFrom.NOBODY, gettext_lazy("The officer of my district and the head of the sector.")),
            (
                KeepFrom.OFFICER,
                gettext_lazy(
                    "Do not send it to my district officer: it is about them, or I do not trust them. The head of the "
                    "sector alone reads it; the officer does not learn that it exists."
                ),
            ),
            (KeepFrom.SUPERVISOR, gettext_lazy("It is about the head of the sector: keep it from them.")),
        ],
        initial=KeepFrom.NOBODY,
        widget=forms.RadioSelect,
    )

    kept_supervisor = forms.TypedChoiceField(
        label=gettext_lazy("Which head of the sector?"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        is_protected: bool = False,
        supervisors: Callable[[], Sequence[tuple[str, str]]] = tuple,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_protected = is_protected
        if not is_protected:
            del self.fields["risk"]
        self._supervisors = supervisors
        by_name = cast("forms.ChoiceField", self.fields["kept_supervisor"])
        by_name.choices = lambda: [("", gettext_lazy("Choose")), *self.supervisors]

    @cached_property
    def supervisors(self) -> Sequence[tuple[str, str]]:
        """The supervisors by key and name: asked where the page shows them, or the letter is kept from one of them."""
        return self._supervisors()

    @property
    def asks_which_supervisor(self) -> bool:
        """Whether there are several, one of whom the letter may be about."""
        return len(self.supervisors) > 1

    def clean(self) -> dict[str, Any]:
        """A contact counts only where the writer chose it; a formal appeal names its writer (393/96-ВР, article 5)."""
        data = self.cleaned_data
        contacts = {AnswerBy.EMAIL.value: "email", AnswerBy.PHONE.value: "phone"}
        chosen = contacts.get(data.get("answer_by", ""), "")
        for name in contacts.values():
            if name != chosen:
                data[name] = ""
                self.errors.pop(name, None)  # what is not used needs no mending
        if chosen and not data.get(chosen) and chosen not in self.errors:
            asked = {
                "email": _("Write the e-mail, or choose to come back with the receipt."),
                "phone": _("Write the phone, or choose to come back with the receipt."),
            }
            self.add_error(chosen, asked[chosen])
        if chosen and self.is_protected and not data.get("risk"):
            self.add_error("risk", _("Tick that nobody else can see it, or choose to come back with the receipt."))
        if data.get("lane") == Lane.FORMAL:
            self._clean_formal(data)
        if data.get("keep_from") == KeepFrom.SUPERVISOR and self.asks_which_supervisor:
            if not data.get("kept_supervisor") and "kept_supervisor" not in self.errors:
                self.add_error("kept_supervisor", _("Say which head of the sector the letter is about."))
        else:
            data["kept_supervisor"] = None
            self.errors.pop("kept_supervisor", None)
        return data

    def _clean_formal(self, data: dict[str, Any]) -> None:
        if not data.get("name"):
            self.add_error("name", _("A formal appeal needs your name: surname, first name, patronymic."))
        if not data.get("residence"):
            self.add_error("residence", _("A formal appeal needs your place of residence."))
        if data.get("answer_by") == AnswerBy.RECEIPT:
            self.add_error("answer_by", _("A formal appeal needs an e-mail or a phone."))


def supervisors_by_name(city: City) -> list[tuple[str, str]]:
    """Return the supervisors of a city by key and name; one without a name is told by a number."""
    unnamed = _("head of the sector %(number)s")
    people = enumerate(supervisors_of(city), start=1)
    return [(str(one.pk), one.get_full_name() or unnamed % {"number": number}) for number, one in people]


FORMS: Final[Mapping[Step, type[StepForm]]] = {Step.WHERE: WhereForm, Step.WHAT: WhatForm, Step.HOW: HowForm}
FIELDS: Final[Mapping[Step, tuple[str, ...]]] = {step: tuple(form.base_fields) for step, form in FORMS.items()}
STEPS: Final = tuple(Step)
_stamp = signing.TimestampSigner(salt="letter")


class Letter:
    """All that a writer has given so far, as the page's fields carry it from step to step."""

    def __init__(self, given: Mapping[str, str]) -> None:
        names = ("key", *(name for fields in FIELDS.values() for name in fields))
        self.given = {name: given.get(name, "") for name in names}
        self._valid: dict[Step, dict[str, Any]] = {}
        if not self.key:
            self.take_new_key()

    @property
    def key(self) -> str:
        """The idempotency key that this page made, or empty where it is not one of ours."""
        try:
            return _stamp.unsign(self.given["key"])
        except signing.BadSignature:
            return ""

    def take_new_key(self) -> None:
        """Let the same words be sent as another letter."""
        self.given["key"] = _stamp.sign(new_idempotency_key())

    def is_older_than(self, seconds: float) -> bool:
        """Whether the first page was opened longer ago than that: people need time to write."""
        try:
            _stamp.unsign(self.given["key"], max_age=datetime.timedelta(seconds=seconds))
        except signing.SignatureExpired:
            return True
        return False

    @cached_property
    def city(self) -> City | None:
        """The city that was chosen, where it has a page."""
        slug = self.given["city"]
        return City.objects.visible_on_site().filter(slug=slug).first() if slug else None

    def supervisors(self) -> list[tuple[str, str]]:
        """Return the supervisors of the city by key and name."""
        return supervisors_by_name(self.city) if self.city else []

    @property
    def category(self) -> Category | None:
        """What it is about, where that is known."""
        return Category.objects.filter(slug=self.given["category"]).first()

    @property
    def is_protected(self) -> bool:
        """Whether it needs special care."""
        valid = self._valid.get(Step.WHAT)
        category = valid["category"] if valid else self.category
        return category is not None and category.protected

    def form(self, step: Step, *, check: bool) -> StepForm:
        """Return the form of a step with what was given: checked, or as it stands."""
        more: dict[str, Any] = {}
        if step == Step.HOW:
            more = {"is_protected": self.is_protected, "supervisors": self.supervisors}
        if check:
            return FORMS[step](self.given, **more)
        given = {name: self.given[name] for name in FIELDS[step] if self.given[name]}
        return FORMS[step](initial=given, **more)

    def carried(self, step: Step) -> list[tuple[str, str]]:
        """Return what the page of a step carries along unseen: all that other steps ask."""
        own = FIELDS.get(step, ())
        return [(name, value) for name, value in self.given.items() if value and name not in own]

    def first_unfinished(self) -> tuple[Step, StepForm | None]:
        """Return the first step that needs mending, with its form; the preview where there is none."""
        for step in FORMS:
            form = self.form(step, check=True)
            if not form.is_valid():
                return step, form
            self._valid[step] = form.cleaned_data
        return Step.PREVIEW, None

    def draft(self) -> Draft:
        """Return the letter as decided, once `first_unfinished` found every step valid."""
        data = {name: value for step in FORMS for name, value in self._valid[step].items()}
        return Draft(
            district=data["district"],
            place=data["place"],
            address=data["address"],
            lane=data["lane"],
            category=data["category"].slug,
            text=data["text"],
            stance=data["stance"],
            answer_by=data["answer_by"],
            name=data["name"],
            residence=data["residence"] if data["lane"] == Lane.FORMAL else "",
            email=data["email"],
            phone=str(data["phone"]),
            keep_from=data["keep_from"],
            kept_supervisor=data["kept_supervisor"],
        )
