"""Count the live cells, hours and totals anew, or only compare them with a recount."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.counting import differences, rebuild


class Command(BaseCommand):
    """`rebuild_cells [--check]`: exit 0 when the counts are true, 1 when `--check` finds a difference."""

    help = "Count the live cells, hours and totals anew from the accepted letters; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the options."""
        parser.add_argument("--check", action="store_true", help="Compare with a recount and change nothing.")
        parser.add_argument("--database", default="owner", help="Connection to use (default: owner).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what was found."""
        if not options["check"]:
            self.stdout.write(f"{rebuild(options['database'])} counts made anew.")
            return
        found = differences(options["database"])
        for each in found:
            self.stderr.write(str(each))
        if found:
            raise CommandError(f"{len(found)} counts differ from a recount. Run rebuild_cells without --check.")
        self.stdout.write("Every count equals a recount.")
