-- Takes up residuals that were computed.
copy residual_staging (series_id, bucket, bucket_end, value, reference, estimated) from stdin (format binary)
