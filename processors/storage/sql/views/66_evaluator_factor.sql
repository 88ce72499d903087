-- Emission factors with what they rest on.
create view evaluator.factor as
select * from grafana.factor
