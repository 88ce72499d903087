-- name: batch_add
-- Writes a batch.
insert into figure_batch (inputs) values (%(inputs)s) returning batch_id

-- name: batches_of_city
-- The inputs that current figures of a city rest on.
select batch_id, inputs from figure_batch
where batch_id in (
    select f.batch_id from figure f join city c using (city_id) where c.name = %(city)s and f.superseded_at is null
)

-- name: remove_unused
-- Removes batches that no figure refers to.
delete from figure_batch b
where b.batch_id = any(%(batch_ids)s) and not exists (select from figure f where f.batch_id = b.batch_id)
