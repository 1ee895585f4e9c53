-- `hit`: the edition in force in a city; `answered`: its districts of those codes.
WITH hit AS MATERIALIZED (
    SELECT
        city.id AS city_id, city.slug AS city_slug, city.name_uk AS city_name_uk, city.name_en AS city_name_en,
        edition.id AS edition_id, edition.number AS edition, lower(in_force.period) AS in_force_from
    FROM geo_city AS city
    JOIN geo_editionperiod AS in_force ON in_force.city_id = city.id AND in_force.period @> %(at)s::timestamptz
    JOIN geo_boundaryedition AS edition ON edition.id = in_force.edition_id
    WHERE city.slug = %(city)s
),
answered AS (
    SELECT boundary.district_id, true AS is_own, NULL::float8 AS distance_m
    FROM hit
    JOIN geo_districtboundary AS boundary ON boundary.edition_id = hit.edition_id
    JOIN geo_district AS district ON district.id = boundary.district_id
    WHERE district.code IN (SELECT json_array_elements_text(%(codes)s::json))
)
