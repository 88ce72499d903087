"""Sensor Measurement Lists, SenML (RFC 8428, read; its secondary units from RFC 8798): what JSON and CBOR share."""
