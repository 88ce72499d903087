-- name: exclusive_claim
-- Claims work for this session; false while another session holds it.
select pg_try_advisory_lock(%(key)s)
