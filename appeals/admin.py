"""What staff edit here: categories alone. An administrator has no door to letters."""

from django.contrib import admin

from appeals.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Categories are data."""

    list_display = ("name_uk", "name_en", "slug", "lane", "protected", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}
