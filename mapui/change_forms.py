"""Forms of cards and texts: the same for a proposal, a direct change, and what the one who decides makes of it."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from mapui.change_words import label_of
from mapui.page_forms import with_known_facts
from people.models import Officer, Station
from people.photos import PhotoRefused, square_photo
from people.subjects import Kind, Values, fingerprint, subject_of, values_of

WHY_MAX = 500
LONG: Final = {"guidance": 4, "text": 24}
"""Fields of several lines, by how their names begin, and how many rows they show."""


class TextForm(forms.ModelForm[Any]):
    """The fields of a card or text as they stand. Saving is a deed of `people.proposing`."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    """The fingerprint of what stood there when the page was opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = fingerprint(self.instance)
        subject = subject_of(self.instance)
        for name, field in self.fields.items():
            if name in subject.open_fields:
                field.label = label_of(subject, name)
            if name.endswith("_en"):
                field.widget.attrs["lang"] = "en"

    @property
    def seen(self) -> str:
        """The fingerprint of what whoever typed had before their eyes."""
        return str(self.cleaned_data.get("shown", ""))

    def changes(self) -> Values:
        """Return what was typed, by field."""
        return values_of(self.instance, subject_of(self.instance).open_fields)

    def give_back(self) -> None:
        """Make ready to be shown once more, beside what stands there now: nothing was made of it."""
        typed: Any = self.data
        self.data = typed.copy()
        self.data["shown"] = self.initial["shown"]  # type: ignore[index]


class CardForm(TextForm):
    """An officer's card."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station: Any = self.fields["station"]
        station.queryset = Station.objects.filter(city=self.instance.city_id)
        station.empty_label = _("None")
        self.fields["checked_on"].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        self.fields["checked_on"].help_text = _("The day on which somebody last checked the whole card.")
        self.fields["languages"].help_text = _("Codes with commas between: uk, en.")
        self.fields["photo"].widget.attrs["accept"] = "image/*"
        self.fields["photo"].help_text = _("A square is cut out of it. JPEG, PNG, WebP or HEIC, up to 10 MB.")

    def clean_photo(self) -> Any:
        """Draw what was uploaded anew, small, square and without metadata."""
        photo = self.cleaned_data.get("photo")
        if not photo or "photo" not in self.changed_data:
            return photo
        try:
            return square_photo(photo)
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def changes(self) -> Values:
        """Return what was typed; a new photo is kept, and named by its file."""
        photo, field = self.cleaned_data.get("photo"), Officer._meta.get_field("photo")
        if isinstance(photo, ContentFile):
            self.instance.photo = field.storage.save(field.generate_filename(self.instance, str(photo.name)), photo)
        return super().changes()

    def give_back(self) -> None:
        """Throw the new photo away, too: a file is chosen again."""
        super().give_back()
        if isinstance(self.cleaned_data.get("photo"), ContentFile):
            self.instance.photo.delete(save=False)


class PageTextForm(TextForm):
    """A page of text in both languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_uk"].required = True

    def clean_text_uk(self) -> str:
        """Refuse what stands in braces and is no fact; lines end as they are kept."""
        return with_known_facts(self.cleaned_data["text_uk"].replace("\r\n", "\n"))

    def clean_text_en(self) -> str:
        """The same of the English text."""
        return with_known_facts(self.cleaned_data["text_en"].replace("\r\n", "\n"))


class WhyForm(forms.Form):
    """Why something should change."""

    why = forms.CharField(
        label=_("Why"),
        help_text=_("How you know it. Whoever decides reads this; nothing about letters or their writers."),
        max_length=WHY_MAX,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class DeclineForm(forms.Form):
    """Why a proposal is declined."""

    reason = forms.CharField(
        label=_("Why not"), help_text=_("Whoever proposed it reads this."), max_length=WHY_MAX, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


FORMS: Final[dict[Kind, type[TextForm]]] = {Kind.OFFICER: CardForm, Kind.PAGE: PageTextForm}
"""Kinds whose fields ask for more than their columns do."""


def form_for(row: Model, *args: Any, **kwargs: Any) -> TextForm:
    """The form of a card or text. `row` is changed by it: give one that nobody else holds."""
    subject = subject_of(row)
    made: Any = forms.modelform_factory(
        subject.model,
        form=FORMS.get(subject.kind, TextForm),
        fields=subject.open_fields,
        # Not the picture field of forms: it reads the file by itself, and knows HEIC only once somebody loaded it.
        field_classes={"photo": forms.FileField},
        widgets={
            name: forms.Textarea({"rows": rows})
            for name in subject.open_fields
            for begin, rows in LONG.items()
            if name.startswith(begin)
        },
    )
    form: TextForm = made(*args, instance=row, **kwargs)
    return form
