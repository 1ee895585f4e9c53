SELECT gazetteer_version AS version FROM geo_city WHERE id = %(city)s::bigint
