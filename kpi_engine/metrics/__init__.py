"""What Prometheus is told of cities and of the store."""
