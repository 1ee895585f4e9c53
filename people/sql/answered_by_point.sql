-- `answered`: the district that covers the point, and the neighbours near it.
WITH hit AS MATERIALIZED (
    SELECT boundary.edition_id, boundary.district_id, lower(in_force.period) AS in_force_from
    FROM geo_districtboundary AS boundary
    JOIN geo_editionperiod AS in_force
      ON in_force.edition_id = boundary.edition_id AND in_force.period @> %(at)s::timestamptz
    JOIN geo_district AS district ON district.id = boundary.district_id
    JOIN geo_city AS city ON city.id = district.city_id
    WHERE ST_Covers(boundary.boundary, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326))
      AND city.stage = ANY(string_to_array(%(stages)s::text, ','))
      AND (%(city)s::text = '' OR city.slug = %(city)s::text)
    ORDER BY city.id, district.code COLLATE "C"  -- the tie rule: on a shared edge the first code wins
    LIMIT 1
),
near AS (
    SELECT
        border.district_id,
        min(ST_Distance(
            border.piece::geography,
            ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)::geography
        )) AS distance_m
    FROM hit
    JOIN geo_borderpiece AS border ON border.edition_id = hit.edition_id
    WHERE border.piece && ST_Expand(
        ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326),
        -- a degree of latitude is 110.6 to 111.7 km: the box is never too small
        %(search_m)s::float8 / (110000.0 * greatest(cos(radians(%(lat)s::float8)), 0.01)),
        %(search_m)s::float8 / 110000.0
    )
    GROUP BY border.district_id
),
answered AS (
    SELECT hit.district_id, own.distance_m, hit.edition_id, hit.in_force_from, true AS is_own
    FROM hit LEFT JOIN near AS own ON own.district_id = hit.district_id AND own.distance_m <= %(search_m)s::float8
    UNION ALL
    SELECT near.district_id, near.distance_m, hit.edition_id, hit.in_force_from, false
    FROM hit JOIN near ON near.district_id <> hit.district_id AND near.distance_m <= %(near_m)s::float8
)
