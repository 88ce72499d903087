"""Whether telemetry flows: readings by outcome, delays, refusals, backlogs and the load of the processes."""

from typing import Final

from deploy.grafana import panels, style, variables
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import PROMETHEUS

OF: Final = '{job=~"$job", instance=~"$instance"}'
DAILY: Final = '{job=~"$job", instance=~"$instance", period="day"}'
LATE: Final = ((None, style.GOOD), (10.0, style.FAIR), (60.0, style.BAD))


def _rate(counter: str) -> str:
    return f"rate({counter}{OF}[$__rate_interval])"


def _flow(counter: str, by: str | None = None) -> str:
    """Return what a counter counts per second in all processes, by a label where one is given."""
    return f"sum by ({by}) ({_rate(counter)})" if by else f"sum({_rate(counter)})"


def _quantile(share: float, histogram: str) -> str:
    return f"histogram_quantile({share}, sum by (le) ({_rate(histogram + '_bucket')}))"


PAGE: Final = Page(
    name="pipeline",
    title="Pipeline",
    description="Readings from the broker to figures: rates, delays, refusals, backlogs, as Prometheus sees them.",
    variables=[
        variables.data_source(PROMETHEUS),
        variables.of_prometheus("job", "Job", "label_values(pharos_ready, job)"),
        variables.of_prometheus("instance", "Instance", 'label_values(up{job=~"$job"}, instance)'),
    ],
    since="now-6h",
    refresh="30s",
    sections=[
        Section(
            "Now",
            [
                panels.gauge(
                    "Readings",
                    "Readings per second that got their outcome, whatever it was.",
                    "suffix: /s",
                    style.steps((None, style.CITY)),
                    {"readings": _flow("pharos_readings_total")},
                ),
                panels.gauge(
                    "Refused",
                    "Readings per second that were refused; they are kept in quarantine.",
                    "suffix: /s",
                    style.steps((None, style.GOOD), (0.001, style.POOR)),
                    {"refused": _flow("pharos_refused_readings_total") + " or vector(0)"},
                ),
                panels.gauge(
                    "Delay of storing",
                    "From the arrival of a batch's oldest message to its commit, 95 of 100 batches.",
                    "s",
                    style.steps(*LATE),
                    {"95 %": _quantile(0.95, "pharos_ingest_lag_seconds")},
                ),
                panels.gauge(
                    "Behind Kafka",
                    "How far the slowest process is behind what Kafka holds; absent without Kafka.",
                    "s",
                    style.steps(*LATE),
                    {"lag": f"max(pharos_kafka_lag_seconds{OF})"},
                ),
                panels.gauge(
                    "Unacknowledged",
                    "Messages that the broker delivered and that are not stored yet.",
                    "none",
                    style.steps((None, style.CITY)),
                    {"messages": f"sum(pharos_in_flight_messages{OF})"},
                ),
                panels.gauge(
                    "Figures due",
                    "Figures that the KPI engine still has to compute.",
                    "none",
                    style.steps((None, style.CITY)),
                    {"figures": f"sum(pharos_kpi_due{OF})"},
                ),
            ],
        ),
        Section(
            "Telemetry",
            [
                panels.rate(
                    "Readings by outcome",
                    "Every reading is stored, a duplicate, a conflict, or quarantined; there is no other outcome.",
                    "suffix: /s",
                    {"{{outcome}}": _flow("pharos_readings_total", by="outcome")},
                ),
                panels.rate(
                    "Refused readings by reason",
                    "Readings per second that were refused, by reason; repeated refusals included.",
                    "suffix: /s",
                    {"{{reason}}": _flow("pharos_refused_readings_total", by="reason")},
                    no_data="Nothing was refused in this time range",
                ),
                panels.rate(
                    "Messages by channel",
                    "Messages per second that were stored, or handed on to Kafka.",
                    "suffix: /s",
                    {"{{channel}}": _flow("pharos_messages_total", by="channel")},
                ),
                panels.rate(
                    "Delay of storing",
                    "From the arrival of a batch's oldest message to its commit.",
                    "s",
                    {
                        "half of them": _quantile(0.5, "pharos_ingest_lag_seconds"),
                        "95 %": _quantile(0.95, "pharos_ingest_lag_seconds"),
                        "99 %": _quantile(0.99, "pharos_ingest_lag_seconds"),
                    },
                ),
                panels.rate(
                    "Behind Kafka, by process",
                    "How old what a process takes from Kafka is; nothing where it is no member of the group.",
                    "s",
                    {"{{instance}}": f"pharos_kafka_lag_seconds{OF}"},
                ),
                panels.rate(
                    "Troubles",
                    "Failed attempts per second to reach a broker, Kafka or the database, and offsets not committed.",
                    "suffix: /s",
                    {
                        "{{peer}}": _flow("pharos_ingest_troubles_total", by="peer"),
                        "offset not committed": _flow("pharos_kafka_commit_failures_total"),
                    },
                ),
            ],
        ),
        Section(
            "Rollups and figures",
            [
                panels.rate(
                    "Civil hours rolled up",
                    "Hours of series computed from readings, per second.",
                    "suffix: /s",
                    {"hours": _flow("pharos_rollup_buckets_total")},
                ),
                panels.rate(
                    "Duration of a cycle",
                    "Rollups of one cycle, figures of one step; 95 of 100 take less.",
                    "s",
                    {
                        "rollups": _quantile(0.95, "pharos_rollup_cycle_seconds"),
                        "figures": _quantile(0.95, "pharos_kpi_step_seconds"),
                    },
                ),
                panels.rate(
                    "Figures computed",
                    "Figures per second that were computed, and those that changed.",
                    "suffix: /s",
                    {
                        "computed": _flow("pharos_kpi_recomputed_total"),
                        "changed": _flow("pharos_kpi_revisions_total"),
                    },
                ),
                panels.rate(
                    "Figures due",
                    "Figures that are due: many after a start with a history, then falling.",
                    "locale",
                    {"figures": f"sum(pharos_kpi_due{OF})"},
                ),
            ],
        ),
        Section(
            "Cities",
            [
                panels.rate(
                    "Devices by state",
                    "All devices of all cities: live, late, stale, silent, or with a wrong clock.",
                    "locale",
                    {"{{state}}": f"sum by (state) (pharos_devices{OF})"},
                ),
                panels.rate(
                    "Waiting",
                    "About how many changes of readings wait to be rolled up, and of hours to become figures.",
                    "locale",
                    {"{{work}}": f"sum by (work) (pharos_backlog_marks{OF})"},
                ),
                panels.rate(
                    "Lowest coverage of yesterday's figures",
                    "Share of the last closed day that measurements cover: of each city the indicator with the least.",
                    "percentunit",
                    {"{{city}}": f"min by (city) (pharos_kpi_coverage_ratio{DAILY})"},
                ),
                panels.rate(
                    "Final energy of the last closed day",
                    "Final energy of each city's monitored boundary; absent while there is no figure.",
                    "kwatth",
                    {"{{city}} {{start}}": f'pharos_kpi_value{DAILY[:-1]}, kpi="city_final_energy"}}'},
                ),
            ],
        ),
        Section(
            "Processes",
            [
                panels.readiness(
                    "Ready",
                    "Whether each process can do its work; what it lacks stands in its /ready.",
                    {"{{job}} {{instance}}": f"pharos_ready{OF}"},
                ).span(24),
                panels.rate(
                    "Processor time",
                    "Cores that each process uses.",
                    "none",
                    {"{{job}} {{instance}}": _rate("process_cpu_seconds_total")},
                ),
                panels.rate(
                    "Memory",
                    "Resident memory of each process.",
                    "bytes",
                    {"{{job}} {{instance}}": f"process_resident_memory_bytes{OF}"},
                ),
            ],
        ),
    ],
)
