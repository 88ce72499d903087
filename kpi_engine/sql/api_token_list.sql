-- Every token ever issued, the newest first; the secret is not among the columns because nobody has it.
select token_id, name, role, cities, created_at, expires_at, revoked_at, last_used_at
from token
order by token_id desc
