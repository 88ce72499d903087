"""Whether telemetry flows: readings by outcome, delays, refusals, backlogs and the load of the processes."""

from typing import Final

from deploy.grafana import panels, style, variables
from deploy.grafana.page import Page, Section
from deploy.grafana.sources import PROMETHEUS, metric

OF: Final = '{job=~"$job", instance=~"$instance"}'
DAILY: Final = '{job=~"$job", instance=~"$instance", period="day"}'
LATE: Final = ((None, style.GOOD), (10.0, style.FAIR), (60.0, style.BAD))


def _rate(counter: str) -> str:
    return f"rate({counter}{OF}[$__rate_interval])"


def _quantile(share: float, histogram: str) -> str:
    return f"histogram_quantile({share}, sum by (le) ({_rate(histogram + '_bucket')}))"


PAGE: Final = Page(
    name="pipeline",
    title="Pipeline",
    description="Readings from the broker to figures: rates, delays, refusals, backlogs, as Prometheus sees them.",
    variables=[
        variables.data_source(PROMETHEUS),
        variables.of_prometheus("job", "Job", "label_values(pharos_readings_total, job)"),
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
                    "cps",
                    style.steps((None, style.CITY)),
                    metric(f"sum({_rate('pharos_readings_total')})", "readings"),
                ),
                panels.gauge(
                    "Refused",
                    "Readings per second that were refused; they are kept in quarantine.",
                    "cps",
                    style.steps((None, style.GOOD), (0.001, style.POOR)),
                    metric(f"sum({_rate('pharos_refused_readings_total')})", "refused"),
                ),
                panels.gauge(
                    "Delay of storing",
                    "From the arrival of a batch's oldest message to its commit, 95 of 100 batches.",
                    "s",
                    style.steps(*LATE),
                    metric(_quantile(0.95, "pharos_ingest_lag_seconds"), "95 %"),
                ),
                panels.gauge(
                    "Behind Kafka",
                    "How far the slowest process is behind what Kafka holds; absent without Kafka.",
                    "s",
                    style.steps(*LATE),
                    metric(f"max(pharos_kafka_lag_seconds{OF})", "lag"),
                ),
                panels.gauge(
                    "Unacknowledged",
                    "Messages that the broker delivered and that are not stored yet.",
                    "none",
                    style.steps((None, style.CITY)),
                    metric(f"sum(pharos_in_flight_messages{OF})", "messages"),
                ),
                panels.gauge(
                    "Figures due",
                    "Figures that the KPI engine still has to compute.",
                    "none",
                    style.steps((None, style.CITY)),
                    metric(f"sum(pharos_kpi_due{OF})", "figures"),
                ),
            ],
        ),
        Section(
            "Telemetry",
            [
                panels.rate(
                    "Readings by outcome",
                    "Every reading is stored, a duplicate, a conflict, or quarantined; there is no other outcome.",
                    "cps",
                    metric(f"sum by (outcome) ({_rate('pharos_readings_total')})", "{{outcome}}"),
                ),
                panels.rate(
                    "Refused readings by reason",
                    "Readings per second that were refused, by reason; repeated refusals included.",
                    "cps",
                    metric(f"sum by (reason) ({_rate('pharos_refused_readings_total')})", "{{reason}}"),
                ),
                panels.rate(
                    "Messages by channel",
                    "Messages per second that were stored, or handed on to Kafka.",
                    "cps",
                    metric(f"sum by (channel) ({_rate('pharos_messages_total')})", "{{channel}}"),
                ),
                panels.rate(
                    "Delay of storing",
                    "From the arrival of a batch's oldest message to its commit.",
                    "s",
                    metric(_quantile(0.5, "pharos_ingest_lag_seconds"), "half of them"),
                    metric(_quantile(0.95, "pharos_ingest_lag_seconds"), "95 %", "B"),
                    metric(_quantile(0.99, "pharos_ingest_lag_seconds"), "99 %", "C"),
                ),
                panels.rate(
                    "Behind Kafka, by process",
                    "How old what a process takes from Kafka is; nothing where it is no member of the group.",
                    "s",
                    metric(f"pharos_kafka_lag_seconds{OF}", "{{instance}}"),
                ),
                panels.rate(
                    "Troubles",
                    "Failed attempts per second to reach a broker, Kafka or the database, and offsets not committed.",
                    "cps",
                    metric(f"sum by (peer) ({_rate('pharos_ingest_troubles_total')})", "{{peer}}"),
                    metric(f"sum({_rate('pharos_kafka_commit_failures_total')})", "offset not committed", "B"),
                ),
            ],
        ),
        Section(
            "Rollups and figures",
            [
                panels.rate(
                    "Civil hours rolled up",
                    "Hours of series computed from readings, per second.",
                    "cps",
                    metric(f"sum({_rate('pharos_rollup_buckets_total')})", "hours"),
                ),
                panels.rate(
                    "Duration of a cycle",
                    "Rollups of one cycle, figures of one step; 95 of 100 take less.",
                    "s",
                    metric(_quantile(0.95, "pharos_rollup_cycle_seconds"), "rollups"),
                    metric(_quantile(0.95, "pharos_kpi_step_seconds"), "figures", "B"),
                ),
                panels.rate(
                    "Figures computed",
                    "Figures per second that were computed, and those that changed.",
                    "cps",
                    metric(f"sum({_rate('pharos_kpi_recomputed_total')})", "computed"),
                    metric(f"sum({_rate('pharos_kpi_revisions_total')})", "changed", "B"),
                ),
                panels.rate(
                    "Figures due",
                    "The agenda of the KPI engine: high after a start with a history, then falling.",
                    "none",
                    metric(f"sum(pharos_kpi_due{OF})", "figures"),
                ),
            ],
        ),
        Section(
            "Cities",
            [
                panels.rate(
                    "Devices by state",
                    "All devices of all cities: live, late, stale, silent, or with a wrong clock.",
                    "none",
                    metric(f"sum by (state) (pharos_devices{OF})", "{{state}}"),
                ),
                panels.rate(
                    "Waiting",
                    "About how many changes of readings wait to be rolled up, and of hours to become figures.",
                    "none",
                    metric(f"sum by (work) (pharos_backlog_marks{OF})", "{{work}}"),
                ),
                panels.rate(
                    "Coverage of yesterday's figures",
                    "Share of the last closed day that measurements cover, for each city and indicator.",
                    "percentunit",
                    metric(f"pharos_kpi_coverage_ratio{DAILY}", "{{city}} {{kpi}} {{start}}"),
                ),
                panels.rate(
                    "Final energy of the last closed day",
                    "Final energy of each city's monitored boundary; absent while there is no figure.",
                    "kwatth",
                    metric(f'pharos_kpi_value{DAILY[:-1]}, kpi="city_final_energy"}}', "{{city}} {{start}}"),
                ),
            ],
        ),
        Section(
            "Processes",
            [
                panels.rate(
                    "Ready",
                    "1 while a process can do its work; what it lacks stands in its /ready.",
                    "none",
                    metric(f"pharos_ready{OF}", "{{job}} {{instance}}"),
                ).span(24),
                panels.rate(
                    "Processor time",
                    "Cores that each process uses.",
                    "none",
                    metric(_rate("process_cpu_seconds_total"), "{{job}} {{instance}}"),
                ),
                panels.rate(
                    "Memory",
                    "Resident memory of each process.",
                    "bytes",
                    metric(f"process_resident_memory_bytes{OF}", "{{job}} {{instance}}"),
                ),
            ],
        ),
    ],
)
