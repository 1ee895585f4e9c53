"""The exercises as data: what the letter says, what is to be done, and by which move it is done. Pure: no database.

Every letter begins with the word «Навчання» and tells of nobody: names of people, streets and houses never occur.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from appeals.workflow import Lane, Move


class Task(StrEnum):
    """What an exercise teaches."""

    ANSWER = "answer"
    TRANSFER = "transfer"
    STUDY = "study"
    PROTECTED = "protected"
    SUBSTITUTE = "substitute"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: the move in a letter's history that shows it was done, and the letters to draw from."""

    move: Move
    lane: Lane
    category: str
    texts: tuple[str, ...]
    supervised: bool = False
    """Whether it is the supervisor's: by law only the head of the body extends a term."""


_MARK: Final = "Навчання. Лист вигаданий програмою. "
EXERCISES: Final = {
    Task.ANSWER: Exercise(
        Move.ANSWER, Lane.MESSAGE, "noise",
        (
            "Третій вечір поспіль після одинадцятої в сусідньому під'їзді гучна музика. До кого звертатися і коли?",
            "Щоранку о п'ятій під вікнами розвантажують товар. Чи можна щось зробити?",
            "У дворі ввечері запускають феєрверки, діти не сплять. Підкажіть, що робити.",
        ),
    ),
    Task.TRANSFER: Exercise(
        Move.TRANSFER, Lane.MESSAGE, "traffic",
        (
            "Я помилився дільницею: автівки стоять на тротуарі вже в сусідній. Прошу передати, куди треба.",
            "Пишу вам, бо іншої дільниці на карті не знайшла, а те перехрестя не ваше. Передайте, будь ласка, колезі.",
        ),
    ),
    Task.STUDY: Exercise(
        Move.STUDY, Lane.FORMAL, "suspicious",
        (
            "Прошу перевірити, чи законно облаштовано ворота в нашому дворі: треба запитати кількох свідків і раду.",
            "Прошу з'ясувати, хто відповідає за покинуту будівлю поруч зі школою. Знаю, що це не на один день.",
        ),
    ),
    Task.PROTECTED: Exercise(
        Move.ANSWER, Lane.MESSAGE, "domestic-violence",
        (
            "Мені страшно вдома, він читає мій телефон. Не телефонуйте, я зайду сюди сама. Що мені робити далі?",
            "За стіною щовечора крик і плач. Не хочу, щоб знали, що це я. Чи можете ви перевірити?",
        ),
    ),
    Task.SUBSTITUTE: Exercise(
        Move.ANSWER, Lane.MESSAGE, "elderly",
        (
            "Літня сусідка третій день не виходить. Кажуть, дільничний у відпустці: хто його заступає?",
            "До літніх людей ходять і продають «ліки». Нашого офіцера немає, пишу тому, хто за нього.",
        ),
    ),
    Task.EXTEND: Exercise(
        Move.EXTEND, Lane.FORMAL, "suspicious",
        (
            "Прошу повну перевірку, з запитами до інших органів: розумію, що місяця може не вистачити.",
            "Прошу дослідити, звідки щоночі приїздять вантажівки: потрібні відповіді кількох установ.",
        ),
        supervised=True,
    ),
}  # fmt: skip
OF_AN_OFFICER: Final = tuple(task for task in Task if not EXERCISES[task].supervised)


def letter_text(task: Task, chance: random.Random) -> str:
    """Return the words of a letter, drawn from those of its exercise."""
    return _MARK + chance.choice(EXERCISES[task].texts)
