-- By which transactions the days of each month in which a city has counts were written last; null where this one has written.
-- A month is told of as in letters_as_written.sql: what is held is found by it.
SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN coalesce(json_object_agg(month, written), '{}') END AS months
FROM (
    SELECT extract(year FROM day.local)::integer * 12 + extract(month FROM day.local)::integer AS month,
        md5(string_agg(counted.number || ':' || counted.xmin::text, ' ' ORDER BY counted.number, counted.kept)) AS written
    FROM analysis_sumcount AS counted
    CROSS JOIN LATERAL (SELECT DATE '0001-01-01' + (counted.number - 1)::integer AS local OFFSET 0) AS day
    WHERE counted.city_id = %(city)s::bigint AND counted.kind = 1
    GROUP BY 1
) AS counted
