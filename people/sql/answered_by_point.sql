-- `hit`: the edition and the district that cover the point; `answered`: that district and the neighbours near it.
WITH hit AS MATERIALIZED (
    SELECT
        city.id AS city_id, city.slug AS city_slug, city.name_uk AS city_name_uk, city.name_en AS city_name_en,
        edition.id AS edition_id, edition.number AS edition, lower(in_force.period) AS in_force_from,
        boundary.district_id
    FROM geo_districtboundary AS boundary
    JOIN geo_editionperiod AS in_force
      ON in_force.edition_id = boundary.edition_id AND in_force.period @> %(at)s::timestamptz
    JOIN geo_boundaryedition AS edition ON edition.id = boundary.edition_id
    JOIN geo_city AS city ON city.id = edition.city_id
    JOIN geo_district AS district ON district.id = boundary.district_id
    WHERE ST_Covers(boundary.boundary, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326))
      AND city.stage = ANY(string_to_array(%(stages)s::text, ','))
      AND (%(city)s::text = '' OR city.slug = %(city)s::text)
    ORDER BY city.id, district.code COLLATE "C"  -- the tie rule: on a shared edge the first code wins
    LIMIT 1
),
found AS (
    SELECT district_id, true AS is_own, NULL::float8 AS distance_m FROM hit
    UNION ALL
    SELECT
        border.district_id, false,
        ST_Distance(
            border.piece::geography,
            ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)::geography
        )
    FROM hit
    JOIN geo_borderpiece AS border ON border.edition_id = hit.edition_id
    WHERE border.piece && ST_Expand(
        ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326),
        -- a degree of latitude is 110.6 to 111.7 km: the box is never too small
        %(search_m)s::float8 / (110000.0 * greatest(cos(radians(%(lat)s::float8)), 0.01)),
        %(search_m)s::float8 / 110000.0
    )
),
answered AS (
    SELECT
        district_id, bool_or(is_own) AS is_own,
        CASE WHEN min(distance_m) <= %(search_m)s::float8 THEN min(distance_m) END AS distance_m
    FROM found
    GROUP BY district_id
    HAVING bool_or(is_own) OR min(distance_m) <= %(near_m)s::float8
)
