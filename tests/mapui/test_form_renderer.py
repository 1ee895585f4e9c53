"""A form is drawn as Django draws it, only sooner."""

import datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from mapui.form_renderer import LeanRenderer

GROUPED = [("", "—"), ("Північ", [("1", "Перша <b>"), ("2", 'Друга "2"')]), ("3", "Третя & остання")]


class Told(HTMLParser):
    """What a piece of HTML says: tags with their attributes, and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        self.told.append(("end", tag))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.told.append(data.strip())


class Widgets(forms.Form):
    """Every kind of a choice."""

    one = forms.ChoiceField(choices=GROUPED, initial="2")
    none = forms.ChoiceField(choices=GROUPED, required=False, disabled=True)
    many = forms.MultipleChoiceField(choices=GROUPED, initial=["1", "3"], help_text="Кілька")
    known = forms.NullBooleanField(widget=forms.NullBooleanSelect({"class": "a b", "hidden": False}))


@pytest.mark.parametrize("data", [None, {"one": "3", "many": ["2"]}, {"one": "<script>", "many": []}])
def test_choices_say_the_same_as_djangos_own(data: dict[str, Any] | None) -> None:
    ours, theirs = (Widgets(data, renderer=renderer()) for renderer in (LeanRenderer, DjangoTemplates))
    for name in Widgets.base_fields:
        assert Told(str(ours[name])).told == Told(str(theirs[name])).told, name


class Boxes(forms.Form):
    """Choices to tick."""

    some = forms.MultipleChoiceField(choices=GROUPED, initial=["1"], widget=forms.CheckboxSelectMultiple)
    one = forms.ChoiceField(choices=GROUPED, widget=forms.RadioSelect({"class": "a", "data-x": None}))
    off = forms.ChoiceField(choices=[("1", "Так")], required=False, disabled=True, widget=forms.RadioSelect)


@pytest.mark.parametrize("data", [None, {"one": "2", "some": ["2", "3"]}])
def test_boxes_to_tick_say_the_same_as_djangos_own(data: dict[str, Any] | None) -> None:
    ours, theirs = (Boxes(data, renderer=renderer()) for renderer in (LeanRenderer, DjangoTemplates))
    for name in Boxes.base_fields:
        for our, their in zip(ours[name], theirs[name], strict=True):
            assert Told(our.tag()).told == Told(their.tag()).told, name
            assert Told(our.tag(wrap_label=True)).told == Told(their.tag(wrap_label=True)).told, name


class Fields(forms.Form):
    """What is written, one of each kind."""

    text = forms.CharField(max_length=5, initial='<b> & "so"', widget=forms.TextInput({"data-x": None, "list": False}))
    long = forms.CharField(initial="\n один\n<b>два</b>", widget=forms.Textarea({"class": "a", "rows": 7}))
    email = forms.EmailField(required=False, disabled=True)
    secret = forms.CharField(widget=forms.PasswordInput)
    page = forms.URLField(assume_scheme="https", help_text="Адреса")
    number = forms.IntegerField(min_value=0, max_value=1000, initial=0, localize=True)
    share = forms.DecimalField(initial=1234.5)
    day = forms.DateField(initial=datetime.date(2026, 2, 1), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    at = forms.DateTimeField(initial=datetime.datetime(2026, 2, 1, 9, 30))
    time = forms.TimeField(initial=datetime.time(9, 30))
    hidden = forms.CharField(initial="1", widget=forms.HiddenInput)
    tick = forms.BooleanField(initial=True, required=False)
    found = forms.CharField(widget=forms.TextInput({"type": "search", "autofocus": True}))
    sought = forms.CharField(widget=forms.SearchInput)
    phone = forms.CharField(widget=forms.TelInput)
    file = forms.FileField(widget=forms.FileInput)
    kept = forms.FileField(initial=SimpleNamespace(url="/a<b"), required=False)
    days = forms.SplitDateTimeField()


@pytest.mark.parametrize(
    "data",
    [None, {}, {"text": "", "long": "\n", "number": "x<", "day": "2026", "tick": "on", "hidden": "'\"", "secret": "s"}],
)
def test_fields_say_the_same_as_djangos_own(data: dict[str, Any] | None) -> None:
    ours, theirs = (Fields(data, renderer=renderer()) for renderer in (LeanRenderer, DjangoTemplates))
    for name in Fields.base_fields:
        assert str(ours[name]) == str(theirs[name]), name


def test_what_pages_are_full_of_takes_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_renderer: DjangoTemplates, name: str, *_: Any, **__: Any) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(DjangoTemplates, "render", refuse)
    fields, choices = Fields(renderer=LeanRenderer()), Widgets(renderer=LeanRenderer())
    plain = set(Fields.base_fields) - {"kept", "days"}
    assert all(str(fields[name]) for name in plain) and all(str(choices[name]) for name in Widgets.base_fields)
