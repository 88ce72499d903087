"""Uplinks of LoRaWAN devices, whichever network server forwards them: who sent when, decoded fields, raw frames."""
