-- name: worker_session
-- A machine that is gone without a word gives up after some 11 s what it had claimed, 30 where it was being answered.
set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set tcp_user_timeout = '30s'

-- name: leader_session
-- A leader looks several times a second: one that says nothing for long is frozen, and another takes over.
set idle_session_timeout = '60s'
