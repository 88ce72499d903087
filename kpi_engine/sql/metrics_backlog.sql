-- About how many marks wait for rollups and how many changed hours for figures: their range of numbers, not a count.
select
    (select coalesce(max(seq) - min(seq) + 1, 0) from observation_mark),
    (select coalesce(max(seq) - min(seq) + 1, 0) from rollup_mark)
