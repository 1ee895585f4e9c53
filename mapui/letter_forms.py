"""Forms of letters: the writer's, and the officer's reply."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.errors import KeyUsedForAnotherMessage, LetterRefused
from appeals.models import Appeal, Category, ReplyTemplate
from appeals.receipts import new_idempotency_key
from appeals.services import EMAIL_MAX, TEXT_MAX
from geo.lookup import BadCoordinates, parse_point


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Categories by name; the page shows the guidance of each beside the form."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name in the language that is active."""
        return str(obj.name)


class WriteForm(forms.Form):
    """A message to the officer. The place comes from the map of the form, in hidden fields, by POST only."""

    ALONE, BY_EMAIL = "return", "email"
    # A new key for every form that is opened; the same key for every time it is sent.
    key = forms.CharField(widget=forms.HiddenInput, max_length=128)
    lat = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    lon = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    category = CategoryChoice(
        Category.objects.all(),
        label=gettext_lazy("What is it about?"),
        to_field_name="slug",
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose what it is about.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("Where, when, how often. Do not write passwords or bank cards."),
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write what happened: the text is empty.")},
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("How will you read the answer?"),
        choices=[
            (ALONE, gettext_lazy("I will come back here with the receipt. Nobody asks who I am.")),
            (BY_EMAIL, gettext_lazy("The officer may also write to my e-mail.")),
        ],
        initial=ALONE,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Name (if you like)"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Only if others at home cannot read this mailbox."),
        max_length=EMAIL_MAX,
        required=False,
    )

    @classmethod
    def fresh(cls, **initial: str) -> "WriteForm":
        """Return an empty form with a key of its own."""
        return cls(initial={"key": new_idempotency_key()} | initial)

    def with_new_key(self) -> None:
        """Let the same words be sent as another letter."""
        self.data = dict(self.data.items()) | {"key": new_idempotency_key()}

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude in degrees, or None. Call after `is_valid()`."""
        place: tuple[float, float] | None = self.cleaned_data.get("place")
        return place

    def clean(self) -> dict[str, Any]:
        """Read the place; an e-mail counts only where the writer chose it."""
        data = self.cleaned_data
        if data.get("lat") or data.get("lon"):
            try:
                data["place"] = parse_point(data.get("lat", ""), data.get("lon", ""))
            except BadCoordinates as reason:
                self.add_error(None, str(reason))
        if data.get("answer") == self.ALONE:
            data["email"] = ""
        elif data.get("answer") == self.BY_EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the e-mail, or choose to come back with the receipt."))
        return data


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


class TurnForm(forms.Form):
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
        self.fields["template"].queryset = ReplyTemplate.objects.fitting(letter.category)  # type: ignore[attr-defined]

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


class HeatForm(forms.Form):
    """Filters of the heatmap; its fields are the API's parameters."""

    SIZES = [("18", gettext_lazy("100 m")), ("17", gettext_lazy("200 m")), ("16", gettext_lazy("400 m"))]
    category = CategoryChoice(
        Category.objects.all(),
        label=gettext_lazy("Topic"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("All topics"),
    )
    zoom = forms.ChoiceField(label=gettext_lazy("Squares of about"), choices=SIZES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # “from” is a word of Python, not of the address.
        for name, label in (("from", gettext_lazy("From")), ("to", gettext_lazy("To"))):
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
        self.order_fields(["category", "from", "to", "zoom"])
