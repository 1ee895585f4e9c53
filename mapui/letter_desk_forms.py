"""Forms of the desk: a letter that the staff write down for somebody, and why an administrator opens one."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals.drafts import Draft
from appeals.errors import LetterRefused
from appeals.models import AnswerBy, KeepFrom, Lane, Source, Stance
from appeals.receipts import new_idempotency_key
from appeals.services import EMAIL_MAX, TEXT_MAX
from geo.models import City
from mapui.letter_forms import CategoryChoice
from mapui.letter_photos import WithPhotos
from mapui.letter_places import districts_to_choose
from mapui.letter_steps import supervisors_by_name


class EnterForm(WithPhotos):
    """A letter told by phone or brought on paper. The same key for every time it is sent makes one letter."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=128, initial=new_idempotency_key)
    source = forms.ChoiceField(
        label=_("How it came"),
        choices=[(source.value, source.label) for source in (Source.PHONE, Source.PAPER)],
        initial=Source.PHONE,
        widget=forms.RadioSelect,
    )
    lane = forms.ChoiceField(
        label=_("As what"),
        choices=[(lane.value, lane.label) for lane in (Lane.MESSAGE, Lane.FORMAL)],
        initial=Lane.MESSAGE,
        widget=forms.RadioSelect,
    )
    stance = forms.ChoiceField(label=_("For whom"), choices=Stance.choices, initial=Stance.MYSELF)
    category = CategoryChoice(
        label=_("What is it about?"),
        to_field_name="slug",
        empty_label=_("Choose"),
        error_messages={"required": _("Choose what it is about.")},
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_("Street and house. The district is found from it."),
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    district = forms.ChoiceField(label=_("District, where there is no address"), required=False)
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("In the words of whoever tells it."),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Write what happened: the text is empty.")},
    )
    name = forms.CharField(
        label=_("Name of the writer"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    residence = forms.CharField(
        label=_("Place of residence"),
        help_text=_("A formal appeal needs a name, a residence and a contact."),
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    answer_by = forms.ChoiceField(
        label=_("How does the writer learn of the answer?"),
        choices=[
            (AnswerBy.RECEIPT.value, _("they come back with the receipt")),
            (AnswerBy.PHONE.value, AnswerBy.PHONE.label),
            (AnswerBy.EMAIL.value, AnswerBy.EMAIL.label),
        ],
        initial=AnswerBy.RECEIPT,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone of the writer"),
        help_text=_("Only if nobody else answers or looks through this phone."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail of the writer"),
        help_text=_("Only if others at home cannot read this mailbox."),
        max_length=EMAIL_MAX,
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    keep_from = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[
            (KeepFrom.NOBODY.value, _("the officer of the district and the head of the sector")),
            (KeepFrom.OFFICER.value, _("not the district officer: the head of the sector alone")),
            (KeepFrom.SUPERVISOR.value, _("it is about the head of the sector: not they")),
        ],
        initial=KeepFrom.NOBODY,
        widget=forms.RadioSelect,
    )
    kept_supervisor = forms.TypedChoiceField(
        label=_("Which head of the sector?"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(supervisors := supervisors_by_name(city)) > 1:
            self.fields["kept_supervisor"].choices = [("", _("Choose")), *supervisors]  # type: ignore[attr-defined]
        else:
            del self.fields["kept_supervisor"]
        districts = districts_to_choose(city, timezone.now())
        choices = [("", _("By the address")), *((one.code, one.name) for one in districts)]
        self.fields["district"].choices = choices  # type: ignore[attr-defined]

    @property
    def draft(self) -> Draft:
        """What was written down, ready to be sent. Call after `is_valid()`."""
        data = self.cleaned_data
        same = ("district", "address", "lane", "stance", "text", "name", "answer_by", "phone", "email")
        return Draft(
            category=data["category"].slug,
            residence=data["residence"] if data["lane"] == Lane.FORMAL else "",
            keep_from=data["keep_from"],
            kept_supervisor=data.get("kept_supervisor"),
            **{field: data[field] for field in same},
        )

    def refuse(self, refusal: LetterRefused) -> None:
        """Say why it was not taken, and to whom the writer can turn where nobody here may read it."""
        for reason in (str(refusal), *getattr(refusal, "bodies", ())):
            self.add_error(None, reason)


class ReasonToOpenForm(forms.Form):
    """Which letter an administrator opens, and why."""

    number = forms.CharField(
        label=_("Number of the letter"),
        max_length=14,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the number.")},
    )
    reason = forms.CharField(
        label=_("Why you open it"),
        help_text=_("The supervisor of the city reads this, with your name and the time."),
        min_length=10,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why: without a reason nobody opens a letter.")},
    )
