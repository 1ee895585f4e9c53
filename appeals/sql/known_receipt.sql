-- The letter that a receipt opens, where there is one and the transaction's eyes see it.
SELECT id FROM appeals_appeal WHERE receipt_hash = %(receipt_hash)s::text
