-- Between what the energy of a session lies that was read from a register, infinite where nothing bounds it. NULL of
-- records, whose energy is as stated, and of sessions that were assembled before: they are as they were until a reading
-- near them changes.
alter table charging_session
    add column lower_kwh double precision,
    add column upper_kwh double precision;

-- Hours with a session whose energy nobody knows had no amount until now, and have bounds from now on.
insert into observation_mark (series_id, from_time, to_time)
select series_id, min(begin_at), max(begin_at)
from charging_session join series using (device_id)
where kind = 'session' and quantity = 'electricity_energy'
group by series_id, date_trunc('month', begin_at);
