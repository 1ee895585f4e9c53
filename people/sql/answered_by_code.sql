-- `answered`: districts of a city by code, as far as the edition in force draws them.
WITH answered AS (
    SELECT
        boundary.district_id, NULL::float8 AS distance_m, boundary.edition_id,
        lower(in_force.period) AS in_force_from, true AS is_own
    FROM geo_city AS city
    JOIN geo_editionperiod AS in_force ON in_force.city_id = city.id AND in_force.period @> %(at)s::timestamptz
    JOIN geo_districtboundary AS boundary ON boundary.edition_id = in_force.edition_id
    JOIN geo_district AS district ON district.id = boundary.district_id
    WHERE city.slug = %(city)s AND district.code = ANY(%(codes)s::text[])
)
