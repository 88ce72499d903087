"""Kafka: the group consumer, the publisher, topics and their lag."""
