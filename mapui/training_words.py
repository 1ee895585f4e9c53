"""Words of training mode: what each exercise is called and what is to be done."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appeals.training.tasks import Task


@dataclass(frozen=True, slots=True)
class TaskWords:
    """An exercise's name, and what to do."""

    title: Promise
    what: Promise


TASKS: Final = {
    Task.ANSWER: TaskWords(
        pgettext_lazy("what an officer does with a letter", "Answer"),
        _("Open the letter, accept it, write an answer, look it over and send it."),
    ),
    Task.TRANSFER: TaskWords(
        _("Hand over"), _("The letter belongs to another district: hand it over to it, and say why.")
    ),
    Task.STUDY: TaskWords(
        _("A formal appeal that needs study"),
        _("Accept the appeal and mark that it needs study: the law then gives it a month."),
    ),
    Task.PROTECTED: TaskWords(
        _("A protected letter"),
        _("Answer it here. Never call, never name it in an e-mail: whoever wrote comes back for the answer alone."),
    ),
    Task.SUBSTITUTE: TaskWords(
        _("In place of a colleague"),
        _("You act in this district for the exercise. Answer the letter that came to your colleague."),
    ),
    Task.EXTEND: TaskWords(
        _("Extend the term"),
        _("Mark that the appeal needs study, then extend its term within 45 days and tell the writer why."),
    ),
}
