"""Tags of the pages about changes of cards and texts."""

from django import template

from mapui.words_changed import words_changed

register = template.Library()

register.simple_tag(words_changed)
