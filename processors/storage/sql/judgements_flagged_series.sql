-- The series of which any reading is flagged.
select distinct series_id from reading_quality
