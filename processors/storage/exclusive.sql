-- name: exclusive_claim
-- Claims work for this session; false while another session holds it.
select pg_try_advisory_lock(%(key)s)

-- name: exclusive_share
-- Shares work with other sessions; false while one of them does it alone.
select pg_try_advisory_lock_shared(%(key)s)
