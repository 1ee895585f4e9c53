"""Show how well past events told where later ones came: ours beside the plain one-year count and kernel density."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from analysis.hotspots.evaluation import Estimate, Evaluation, evaluate
from analysis.hotspots.events import UnreadableEvents, bin_weeks, read_events


def percentages(text: str) -> list[float]:
    """`1,2,5` as shares of the area."""
    try:
        shares = [float(part) / 100 for part in text.split(",")]
    except ValueError as error:
        raise ArgumentTypeError("percentages with commas between them, as 1,2,5") from error
    if not all(0 < share <= 1 for share in shares):
        raise ArgumentTypeError("percentages above 0, at most 100")
    return shares


def side(text: str) -> float:
    """The side of a cell in metres."""
    try:
        metres = float(text)
    except ValueError as error:
        raise ArgumentTypeError("metres, as 250") from error
    if not 20 <= metres <= 5_000:
        raise ArgumentTypeError("20 to 5000 metres")
    return metres


class Command(BaseCommand):
    """`evaluate_hotspots --train FILE --test FILE`: PAI, PEI and recapture with 95 % bootstrap intervals."""

    help = (
        "Compare hotspot forecasts on events with place and time (CSV: lon, lat, time). The area is every cell that had"
        " an event in training; with --every week the ranking is made anew before each week of the test."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "--train", required=True, type=Path, metavar="FILE", help="earlier events, two years or more"
        )
        parser.add_argument("--test", required=True, type=Path, metavar="FILE", help="later events")
        parser.add_argument("--cell-m", type=side, default=250.0, metavar="METRES", help="side of a cell (250)")
        parser.add_argument("--areas", type=percentages, default="1,2,5", metavar="1,2,5", help="per cent of the area")
        parser.add_argument("--every", choices=["week"], help="rank anew before each week of the test")
        parser.add_argument("--seed", type=int, default=1, help="of the bootstrap (1)")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, evaluate, print a table."""
        try:
            train, test = read_events(options["train"]), read_events(options["test"])
            binned = bin_weeks(train, test, cell_m=options["cell_m"])
            found = evaluate(
                binned.weekly,
                binned.inside,
                train_weeks=binned.train_weeks,
                areas=options["areas"],
                every_week=options["every"] == "week",
                elsewhere=binned.elsewhere,
                rng=np.random.default_rng(options["seed"]),
            )
        except (UnreadableEvents, ValueError) as error:
            raise CommandError(str(error), returncode=2) from error
        made = {
            "train": [str(train.since), str(train.until)],
            "test": [str(test.since), str(test.until)],
            "cell_m": options["cell_m"],
            "every": options["every"],
            "seed": options["seed"],
        }
        self.stdout.write(table(found, made))
        if options["json"]:
            text = json.dumps(made | asdict(found), ensure_ascii=False, indent=2)
            options["json"].write_text(text + "\n", encoding="utf-8")


def table(found: Evaluation, made: dict[str, Any]) -> str:
    """The evaluation as lines of text."""
    weeks = "ranked anew before each week" if found.rounds > 1 else "ranked once"
    lines = [
        f"Trained on {' to '.join(made['train'])}.",
        f"Tested on {found.letters} events of {' to '.join(made['test'])}; {weeks}.",
        f"{found.cells} cells of {made['cell_m']:g} m that had an event in training.",
        *(f"{method}: {parameters}" for method, parameters in found.parameters.items()),
        "",
        f"{'area':>5}  {'method':<21} {'caught':>7}  {'PAI':<20} {'PEI':<20} {'recapture':<20} above the plain PAI",
    ]
    for score in found.scores:
        cells = (interval(each) for each in (score.pai, score.pei, score.recapture, score.above_plain))
        lines.append(
            f"{score.area:>5.1%}  {score.method:<21} {score.caught:>7}  "
            + " ".join(f"{each:<20}" for each in cells).rstrip()
        )
    return "\n".join(lines)


def interval(estimate: Estimate) -> str:
    """`7.65 [7.31, 7.98]`."""
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"
