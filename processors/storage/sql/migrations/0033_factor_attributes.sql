-- What an emission factor counts, whose electricity it is of, by which calorific value, and the year that it is of. What
-- was said of its boundary in words stays as a note.
alter table factor rename column boundary to boundary_note;
alter table factor
    add column boundary text check (boundary in ('direct', 'upstream', 'life_cycle')),
    add column view text check (view in ('location', 'market')),
    add column calorific_basis text check (calorific_basis in ('NCV', 'GCV')),
    add column year smallint;

-- Factors published until now say the same as the files they came from, so that none of them counts as changed.
update factor
set boundary = given.boundary, view = given.view, year = given.year
from (
    values
        ('citylearn-2022-mean', null, 'location', null),
        ('desnz-uk-district-heat', 'direct', null, 2023),
        ('electricity-dk1', 'life_cycle', 'location', 2024),
        ('electricity-ee', 'life_cycle', 'location', 2024),
        ('electricity-es', 'life_cycle', 'location', 2024),
        ('electricity-es-rite', 'life_cycle', 'location', null),
        ('en-iso-52000-1-district-heating', 'life_cycle', null, null)
) as given (name, boundary, view, year)
where factor.name = given.name;
