-- Who answers for each district in `answered`: one row a posting of the day, or one row without an officer.
-- The district's own rows come first, then neighbours by distance.
SELECT
    hit.city_slug, hit.city_name_uk, hit.city_name_en,
    district.code, district.name_uk, district.name_en,
    answered.distance_m, hit.edition, hit.in_force_from,
    posting.role, leave.id IS NOT NULL AS on_leave,
    CASE WHEN officer.id IS NOT NULL THEN json_build_object(
        'kind', officer.kind, 'role', posting.role, 'rank_uk', officer.rank_uk, 'rank_en', officer.rank_en,
        'name_uk', officer.name_uk, 'name_en', officer.name_en, 'phone', officer.phone, 'email', officer.email,
        'photo', officer.photo, 'reception_uk', officer.reception_uk, 'reception_en', officer.reception_en,
        'languages', officer.languages, 'checked_on', officer.checked_on,
        'station', CASE WHEN station.id IS NOT NULL THEN json_build_object(
            'name_uk', station.name_uk, 'name_en', station.name_en, 'address_uk', station.address_uk,
            'address_en', station.address_en, 'phone', station.phone, 'hours_uk', station.hours_uk,
            'hours_en', station.hours_en, 'lat', ST_Y(station.location), 'lon', ST_X(station.location)) END
    ) END AS officer,
    CASE WHEN duty.id IS NOT NULL THEN json_build_object(
        'name_uk', duty.name_uk, 'name_en', duty.name_en, 'address_uk', duty.address_uk,
        'address_en', duty.address_en, 'phone', duty.phone, 'hours_uk', duty.hours_uk,
        'hours_en', duty.hours_en, 'lat', ST_Y(duty.location), 'lon', ST_X(duty.location)
    ) END AS duty
FROM hit
CROSS JOIN answered
JOIN geo_district AS district ON district.id = answered.district_id
LEFT JOIN people_posting AS posting ON posting.district_id = district.id AND posting.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
LEFT JOIN people_officer AS officer ON officer.id = posting.officer_id
LEFT JOIN people_leave AS leave ON leave.officer_id = officer.id AND leave.during @> (%(at)s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date
LEFT JOIN people_station AS station ON station.id = officer.station_id
LEFT JOIN people_station AS duty ON duty.city_id = hit.city_id AND duty.is_duty
ORDER BY answered.is_own DESC, answered.distance_m, district.code COLLATE "C", posting.role, officer.id
