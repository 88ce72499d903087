"""The schema: migrations, views, compression and retention."""
