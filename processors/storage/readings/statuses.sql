-- name: status_record
-- Keep the latest of what devices say of themselves.
insert into device_status (device_id, online, at)
select * from unnest(%(device_id)s::integer[], %(online)s::boolean[], %(at)s::timestamptz[])
on conflict (device_id) do update set online = excluded.online, at = excluded.at
where excluded.at > device_status.at
