-- What became of every reading, by city and source.
create view evaluator.ledger as
select * from grafana.ledger
