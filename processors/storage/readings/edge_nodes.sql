-- name: edge_node
-- What is known of an edge node.
select sequence_number, said from edge_node where name = %(name)s

-- name: edge_node_heard
-- Keep the number of the last message of an edge node of which the rest is known: births are long, and seldom new.
update edge_node set sequence_number = %(seq)s, changed_at = now() where name = %(name)s and said = %(said)s

-- name: edge_node_said
-- Keep all that is known of an edge node.
insert into edge_node (name, sequence_number, said, changed_at)
values (%(name)s, %(seq)s, %(said)s, now())
on conflict (name) do update set
    sequence_number = excluded.sequence_number, said = excluded.said, changed_at = excluded.changed_at
