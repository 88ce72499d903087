-- An array of which all elements are alike as its first one, else as it is: most columns of a block of hours hold one
-- number again and again, and to send it 200 times costs more than to look. Not for zeros whose sign matters.
create function alike(elements anyarray) returns anyarray language sql immutable parallel safe as $$
    select case
        when elements = array_fill(elements[1], array[coalesce(cardinality(elements), 0)]) then elements[1:1]
        else elements
    end
$$;
