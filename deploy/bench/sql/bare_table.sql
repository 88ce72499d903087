-- A table like that of the readings, for nothing but the comparison.
create table bare (like observation including all)
