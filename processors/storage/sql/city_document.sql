-- A city as its file was applied last.
select document from city where name = %(city)s
