-- What is known of the edge nodes of Sparkplug B: data mean something after the births that came before them.
-- name: namespace, group and edge node. sequence_number: of the last message that was taken; null while none is expected.
-- said: births and the number of the connection, as JSON of ours; bytes, since nobody but ingest asks what it holds.
create table edge_node (
    name text primary key,
    sequence_number smallint,
    said bytea not null,
    changed_at timestamptz not null
);
