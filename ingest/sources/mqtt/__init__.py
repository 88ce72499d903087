"""MQTT: the subscription, what is in flight, and who answers devices."""
