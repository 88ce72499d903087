"""Services that are asked for readings: how each is asked, with which account, and how patiently."""
