-- `hit`: a city and its edition in force, if it has one; `answered`: its districts of those codes that have a polygon in
-- that edition, or are named by the list of streets in force.
WITH hit AS MATERIALIZED (
    SELECT
        city.id AS city_id, city.slug AS city_slug, city.name_uk AS city_name_uk, city.name_en AS city_name_en,
        edition.id AS edition_id, edition.number AS edition, lower(in_force.period) AS in_force_from
    FROM geo_city AS city
    LEFT JOIN geo_editionperiod AS in_force ON in_force.city_id = city.id AND in_force.period @> %(at)s::timestamptz
    LEFT JOIN geo_boundaryedition AS edition ON edition.id = in_force.edition_id
    WHERE city.slug = %(city)s
),
answered AS (
    SELECT district.id AS district_id, true AS is_own, NULL::float8 AS distance_m
    FROM hit
    JOIN geo_district AS district ON district.city_id = hit.city_id
    WHERE district.code IN (SELECT json_array_elements_text(%(codes)s::json))
      AND (
        EXISTS (
            SELECT FROM geo_districtboundary AS boundary
            WHERE boundary.edition_id = hit.edition_id AND boundary.district_id = district.id
        )
        OR EXISTS (
            SELECT FROM geo_territorylist AS list
            JOIN geo_territoryrule AS rule ON rule.territory_list_id = list.id
            WHERE list.city_id = hit.city_id AND list.period @> %(at)s::timestamptz AND rule.district_id = district.id
        )
      )
)
