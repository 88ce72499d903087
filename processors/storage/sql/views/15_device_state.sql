-- How fresh a device is, by the rules of ingest/model/freshness.py: only what is live may be shown as live. From its
-- newest reading, when that arrived, and when its clock was last refused.
create function grafana.device_state(
    expected_interval interval, observed_at timestamptz, received_at timestamptz, refused_at timestamptz
) returns text
    language sql stable
as $$
select case
    when refused_at >= now() - 10 * expected_interval - interval '30 seconds'
        and (received_at is null or refused_at > received_at) then 'clock_wrong'
    when observed_at is null then 'silent'
    when observed_at >= now() - 2 * expected_interval - interval '30 seconds' then 'live'
    when received_at >= now() - 2 * expected_interval - interval '30 seconds' then 'late'
    when observed_at >= now() - 10 * expected_interval - interval '30 seconds' then 'stale'
    else 'silent'
end
$$
