"""Migrate as the role that owns the tables: the web's role may not change them."""

from django.core.management.base import CommandParser
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own `migrate`, on the database `owner` unless another is named."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what Django takes."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
