"""Add cities."""

from pathlib import Path

from geo.boundaries.outlining import read_outline
from geo.models import City


def add_city(
    *,
    slug: str,
    name_uk: str,
    name_en: str = "",
    katottg: str = "",
    stage: str = City.Stage.DRAFT,
    outline: Path | None = None,
) -> City:
    """Add a city and return it. Raises ValidationError (slug taken or reserved, code malformed), UnusableOutline."""
    city = City(
        slug=slug,
        name_uk=name_uk,
        name_en=name_en,
        katottg=katottg,
        stage=stage,
        outline=read_outline(outline) if outline else None,
    )
    city.full_clean()
    city.save()
    return city
