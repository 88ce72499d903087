-- Forget untimed messages that are older than the redelivery window.
delete from untimed_receipt where received_at < %(oldest)s
