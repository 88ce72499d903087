-- Arrays whose elements are all alike are found without making another array to compare with, in half of the time: hours
-- that go to tables send some twenty of them a block.
create or replace function alike(elements anyarray) returns anyarray language sql immutable parallel safe as $$
    select case when elements[1] = all (elements) then elements[1:1] else elements end
$$;
