"""Forms of letters: what opens a conversation, one turn of it, and the upgrade."""

import re
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField

from appeals.errors import KeyUsedForAnotherMessage, LetterRefused
from appeals.models import CATEGORIES, Appeal, Category, ReplyTemplate
from appeals.services import EMAIL_MAX, TEXT_MAX
from geo.prepared_queries import PreparedQuery, given
from mapui.letter_photos import WithPhotos

BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]")
NO_PHONE_NUMBER = gettext_lazy("No phone has such a number. Write it like 067 000 00 00.")


TEMPLATES: Final = PreparedQuery(lambda: ReplyTemplate.objects.fitting(given("category", "bigint")))


class CategoriesOnce(ModelChoiceIterator):  # type: ignore[type-arg]
    """Categories, asked for once a form: a required `<select>` looks at the first of them before it is drawn."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._read)

    @cached_property
    def _read(self) -> list[Any]:
        field: Any = self.field
        none: list[Any] = [] if field.empty_label is None else [("", field.empty_label)]
        offered = (each for each in CATEGORIES.rows() if not (field.with_a_place and each.protected))
        return none + [self.choice(each) for each in offered]


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Categories by name, all or those whose letters have a place; the page shows the guidance of each beside it."""

    iterator = CategoriesOnce

    def __init__(self, *, with_a_place: bool = False, **about: Any) -> None:
        self.with_a_place = with_a_place
        everything = Category.objects.all()
        super().__init__(everything.filter(protected=False) if with_a_place else everything, **about)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in the language that is active."""
        return str(obj.name)


class ReceiptForm(forms.Form):
    """What opens a conversation."""

    receipt = forms.CharField(
        label=gettext_lazy("Receipt"),
        help_text=gettext_lazy("16 letters and digits, like 7K2M-Q8RD-4VXT-9HBA. Spaces and small letters do no harm."),
        max_length=80,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "receipt-input"}
        ),
        error_messages={"required": gettext_lazy("Type the receipt.")},
    )


class TurnForm(WithPhotos):
    """One turn of a conversation: the writer's message or the officer's reply."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Write your message: it is empty.")},
    )

    @classmethod
    def fresh(cls) -> "TurnForm":
        """Return an empty form with a key of its own."""
        return cls(initial={"key": uuid.uuid4()})

    def refuse(self, refusal: LetterRefused) -> None:
        """Say why beside the words, which stay; a key that was used before is replaced, so that they can be sent."""
        if self.refuse_photos(refusal):
            return
        reason = str(refusal)
        if isinstance(refusal, KeyUsedForAnotherMessage):
            self.data = dict(self.data.items()) | {"key": str(uuid.uuid4())}
            reason = _("Your earlier message was sent. Send again if this is another message.")
        self.add_error("body", reason)


class ReplyForm(TurnForm):
    """The officer's reply; a template may be taken into it."""

    template = forms.ModelChoiceField(
        ReplyTemplate.objects.none(), label=gettext_lazy("Template"), required=False, empty_label=gettext_lazy("Choose")
    )

    def __init__(self, *args: Any, letter: Appeal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Your answer")
        self.templates = TEMPLATES.rows(category=letter.category_id)
        template: Any = self.fields["template"]
        template.queryset = ReplyTemplate.objects.fitting(letter.category)
        template.choices = [("", template.empty_label), *((each.pk, each.name) for each in self.templates)]

    @property
    def blanks(self) -> list[str]:
        """What a template left to be filled in, [as here], and still stands in the answer; each once."""
        return list(dict.fromkeys(BLANK.findall(self.cleaned_data.get("body", ""))))

    @classmethod
    def to(cls, letter: Appeal) -> "ReplyForm":
        """Return an empty reply with a key of its own."""
        return cls(initial={"key": uuid.uuid4()}, letter=letter)

    def with_template(self, letter: Appeal) -> "ReplyForm":
        """Return the reply, not checked yet, with the words of the chosen template after what was typed."""
        self.is_valid()
        chosen = self.cleaned_data.get("template")
        words = [self.data.get("body", "").rstrip(), chosen.body if chosen else ""]
        body = "\n\n".join(part for part in words if part)
        return ReplyForm(initial={"key": self.cleaned_data.get("key") or uuid.uuid4(), "body": body}, letter=letter)


class UpgradeForm(forms.Form):
    """What a formal appeal asks beyond a message (law 393/96-ВР, article 5)."""

    name = forms.CharField(
        label=gettext_lazy("Surname, first name, patronymic"),
        max_length=120,
        error_messages={"required": gettext_lazy("A formal appeal needs your name: surname, first name, patronymic.")},
    )
    residence = forms.CharField(
        label=gettext_lazy("Place of residence"),
        max_length=200,
        error_messages={"required": gettext_lazy("A formal appeal needs your place of residence.")},
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=EMAIL_MAX, required=False)
    phone = PhoneNumberField(label=gettext_lazy("Phone"), required=False, error_messages={"invalid": NO_PHONE_NUMBER})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
