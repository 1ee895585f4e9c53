-- The nearest house on a street whose centre line meets a box around a point; metres on the sphere.
SELECT house.id
FROM geo_street AS street
JOIN geo_house AS house ON house.street_id = street.id
CROSS JOIN LATERAL (
    SELECT ST_DistanceSphere(house.location, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)) AS metres
) AS away
WHERE street.city_id = %(city)s::bigint
    AND street.line && ST_MakeEnvelope(
        %(lon)s::float8 - %(wide)s::float8, %(lat)s::float8 - %(high)s::float8,
        %(lon)s::float8 + %(wide)s::float8, %(lat)s::float8 + %(high)s::float8, 4326
    )
    AND away.metres <= %(within_m)s::float8
ORDER BY away.metres, house.id
LIMIT 1
