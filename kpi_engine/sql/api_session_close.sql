-- Ends a session; ending none is no error.
delete from session where digest = %(digest)s
