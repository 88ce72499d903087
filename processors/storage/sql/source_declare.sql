-- Register the sources that a city file ranks, before anything came from them.
insert into source (city, name)
select %(city)s, name from unnest(%(names)s::text[]) as given (name)
where not exists (select from source where source.city = %(city)s and source.name = given.name)
on conflict (city, name) do nothing
