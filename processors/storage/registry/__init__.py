"""Cities, devices, series and meters as the database knows them."""
