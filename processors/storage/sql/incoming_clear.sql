-- Make room for the next part of a write that is taken in parts.
delete from incoming
