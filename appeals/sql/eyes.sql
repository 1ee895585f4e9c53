SELECT
    set_config('letters.user', %(user)s::text, true), set_config('letters.day', %(day)s::text, true),
    set_config('letters.receipt', %(receipt)s::text, true), set_config('letters.task', %(task)s::text, true)
