-- Figures are written from here to the end of the transaction.
select pg_advisory_xact_lock(hashtext('pharos figures'))
