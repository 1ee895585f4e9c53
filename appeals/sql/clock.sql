-- The days of a city that are not as the week has them, and its terms: its own and all of Ukraine's, as two texts.
SELECT
    json_build_object(
        'martial_law', (SELECT json_agg(json_build_array(lower(during), upper(during) - 1)) FROM appeals_martiallaw),
        'holidays', (
            SELECT array_agg(day) FROM appeals_holiday WHERE city_id = %(city)s::bigint OR city_id IS NULL
        ),
        'days_off', (
            SELECT array_agg(day) FROM appeals_movedday
            WHERE kind = 'day_off' AND (city_id = %(city)s::bigint OR city_id IS NULL)
        ),
        'working_days', (
            SELECT array_agg(day) FROM appeals_movedday
            WHERE kind = 'working' AND (city_id = %(city)s::bigint OR city_id IS NULL)
        )
    )::text AS days,
    (
        SELECT json_agg(json_build_array(key, number, unit) ORDER BY city_id NULLS FIRST)::text  -- its own wins
        FROM appeals_legalterm
        WHERE city_id = %(city)s::bigint OR city_id IS NULL
    ) AS terms
