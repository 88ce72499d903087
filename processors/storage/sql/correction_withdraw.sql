-- Withdraw a correction that holds.
update correction set withdrawn_at = %(at)s, withdrawn_by = %(author)s, withdrawn_for = %(reason)s
where correction_id = %(number)s and withdrawn_at is null
