-- Evaluators read the views of their schema and nothing else; where there is no such role, nobody is granted anything.
do $$
begin
    if exists (select from pg_roles where rolname = 'pharos_evaluator') then
        grant usage on schema evaluator to pharos_evaluator;
        grant select on all tables in schema evaluator to pharos_evaluator;
    end if;
end
$$
