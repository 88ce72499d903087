"""Primary-energy factors: sets with versions and sources that are shipped, one file each."""
