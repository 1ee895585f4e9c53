"""Tags of the pages about changes of cards and texts."""

from django import template

from mapui.words_changed import lines_changed

register = template.Library()

register.simple_tag(lines_changed, name="words_changed")
