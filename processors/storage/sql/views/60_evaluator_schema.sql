-- What evaluators read with SQL: nothing of single households, by the rule that the HTTP interface obeys (docs/privacy.md).
create schema evaluator
