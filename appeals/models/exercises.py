"""Exercises in a training copy: a run with its seed, and which letter is whose exercise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.models.appeals import Appeal
from appeals.training.tasks import Task
from geo.models import City


class ExerciseRun(models.Model):
    """One run of the exercises in a training copy; `results` are its numbers once it is over and its letters erased."""

    city = models.ForeignKey(City, models.PROTECT, related_name="exercise_runs", verbose_name=_("city"))
    seed = models.PositiveBigIntegerField(_("seed"), help_text=_("The same seed draws the same letters."))
    begun_at = models.DateTimeField(_("begun at"))
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    results = models.JSONField(_("results"), default=list)

    class Meta:
        verbose_name = _("run of exercises")
        verbose_name_plural = _("runs of exercises")
        ordering = ["city", "-begun_at"]
        constraints = [
            models.UniqueConstraint(fields=["city"], condition=Q(ended_at=None), name="one_run_of_exercises_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.city.slug}: {self.begun_at:%Y-%m-%d}"


class ExerciseLetter(models.Model):
    """One letter as one person's exercise. It goes when its letter is erased, as all that hangs on a letter."""

    run = models.ForeignKey(ExerciseRun, models.CASCADE, related_name="letters", verbose_name=_("run"))
    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="exercise", verbose_name=_("appeal"))
    task = models.CharField(_("exercise"), max_length=10, choices=[(task.value, task.value) for task in Task])
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("whose exercise")
    )

    class Meta:
        verbose_name = _("letter of an exercise")
        verbose_name_plural = _("letters of exercises")
        ordering = ["run", "person", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(task__in=[task.value for task in Task]), name="exercise_task_known"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.task}"
