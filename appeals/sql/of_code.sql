-- `hit`: a city and its edition of that number, if any was told; `answered`: its district of that code, in force or not.
WITH hit AS (
    SELECT city.id AS city_id, edition.id AS edition_id
    FROM geo_city AS city
    LEFT JOIN geo_boundaryedition AS edition
        ON edition.city_id = city.id AND edition.number = nullif(%(edition)s::text, '')::int
    WHERE city.id = %(city)s::bigint
),
answered AS (
    SELECT district.id AS district_id, true AS is_own, NULL::float8 AS distance_m
    FROM hit
    JOIN geo_district AS district ON district.city_id = hit.city_id
    WHERE district.code = %(code)s::text
)
