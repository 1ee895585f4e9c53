SELECT id, slug, name_uk, name_en, guidance_uk, guidance_en, lane, protected, position
FROM appeals_category
WHERE slug = %(slug)s::text
