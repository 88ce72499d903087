"""Dashboards as code: what Grafana shows of Pharos, generated into files that are committed, provisioned and pushed.

A panel selects from the views of schema ``grafana`` (processors/storage/sql/views) or from Prometheus; it never
computes an indicator. ``dashboards`` holds what ``pharos grafana generate`` writes.
"""
