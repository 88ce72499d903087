-- What the broker acknowledged, as the publisher recorded it; gone with the session.
create temp table acknowledged (device integer not null, time timestamptz not null, primary key (device, time))
