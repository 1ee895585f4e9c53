-- Squares with their letters, and by which transactions the days of the month were written last, as one moment shows
-- both; null where this one has written something.
SELECT days.written, told.area, told.letters
FROM (
    SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL
        THEN md5(string_agg(counted.number || ':' || counted.xmin::text, ' ' ORDER BY counted.number, counted.kept)) END
    FROM analysis_sumcount AS counted
    WHERE counted.city_id = %s AND counted.kind = 1 AND counted.number BETWEEN %s AND %s
) AS days (written) LEFT JOIN ({pairs}) AS told (area, letters) ON true
