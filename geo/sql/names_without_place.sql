-- What the list in force at a moment says of streets that the gazetteer does not know, by a part of their name.
SELECT rule.named, rule.houses
FROM geo_territoryrule AS rule
JOIN geo_territorylist AS list ON list.id = rule.territory_list_id
WHERE list.city_id = %(city)s::bigint AND list.period @> %(at)s::timestamptz
  AND rule.street_id IS NULL AND rule.settlement_id IS NULL AND rule.unread = '' AND rule.houses <> ''
  AND strpos(lower(rule.named), lower(%(part)s::text)) > 0
