SELECT id, slug, katottg, name_uk, name_en, stage, takes_letters, data_licence, gazetteer_version
FROM geo_city
WHERE slug = %(slug)s::text AND stage = ANY(%(stages)s::text[]) AND (copy_of_id IS NULL OR %(copies)s::boolean)
