"""Commands of ``pharos kpi`` that stand by themselves, and what all of them share."""
