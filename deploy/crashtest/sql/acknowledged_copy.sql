-- Fill the publisher's record.
copy acknowledged (device, time) from stdin (format binary)
