"""Who may do what with which table of the database: the whole matrix, and whether a database is as it says."""

from collections import defaultdict

import psycopg

from deploy.postgres.roles import ROLES

INSERT, UPDATE, DELETE = "insert", "update", "delete"
WRITTEN = {
    "writer": {
        "at_work": {INSERT, UPDATE, DELETE},
        "charging_session": {INSERT, UPDATE, DELETE},
        "charging_session_span": {INSERT},
        "charging_session_version": {INSERT},
        "city": {INSERT, UPDATE},
        "conflict": {INSERT, UPDATE},
        "device": {INSERT, UPDATE},
        "device_status": {INSERT, UPDATE},
        "edge_node": {INSERT, UPDATE},
        "interval_begin": {INSERT, UPDATE, DELETE},
        "ledger": {INSERT, UPDATE},
        "meter": {INSERT, UPDATE},
        "meter_version": {UPDATE},
        "observation": {INSERT, UPDATE},
        "observation_mark": {INSERT, DELETE},
        "pull_progress": {INSERT, UPDATE},
        "quarantine": {
            INSERT,
            DELETE,
            *(
                f"{UPDATE} {column}"
                for column in ("city", "detail", "device", "first_received_at", "last_received_at", "occurrences")
            ),
            *(f"{UPDATE} {column}" for column in ("origin", "payload", "readings", "receipts", "topic")),
        },
        "quarantine_replay": {UPDATE},
        "reading_quality": {INSERT, UPDATE, DELETE},
        "register_contract": {INSERT},
        "register_fall": {INSERT},
        "repeatable_request": {INSERT, DELETE},
        "repeated_readings": {INSERT, UPDATE, DELETE},
        "rollup_block": {INSERT, UPDATE, DELETE},
        "rollup_day": {INSERT},
        "rollup_hour": {INSERT},
        "rollup_mark": {INSERT},
        "rollup_month": {INSERT},
        "rollup_row": {UPDATE, DELETE},
        "series": {INSERT, UPDATE},
        "site": {INSERT, UPDATE},
        "site_group": {INSERT, UPDATE},
        "source": {INSERT, UPDATE},
        "state_duration": {INSERT, UPDATE, DELETE},
        "untimed_receipt": {INSERT, UPDATE, DELETE},
    },
    "kpi": {
        "alarm": {INSERT, UPDATE},
        "alarm_member": {INSERT, UPDATE},
        "alarm_notification": {INSERT, UPDATE},
        "alarm_receiver": {INSERT, UPDATE, DELETE},
        "alarm_trial": {UPDATE, DELETE},
        "alarm_trial_result": {INSERT, UPDATE},
        "alarm_watch": {INSERT, DELETE},
        "at_work": {INSERT, UPDATE, DELETE},
        "evaluator_figure": {INSERT, UPDATE, DELETE},
        "evaluator_household_site": {INSERT, UPDATE, DELETE},
        "evaluator_rule": {INSERT, UPDATE, DELETE},
        "evaluator_seen": {INSERT, UPDATE, DELETE},
        "factor": {INSERT},
        "figure": {INSERT, UPDATE, DELETE},
        "figure_batch": {INSERT, DELETE},
        "figure_edition": {INSERT},
        "figure_handed_on": {INSERT, UPDATE},
        "figure_kind": {INSERT},
        "figure_log": {INSERT, DELETE},
        "figure_text": {INSERT, DELETE},
        "kpi_due": {INSERT, UPDATE, DELETE},
        "kpi_extent": {INSERT, UPDATE},
        "kpi_failure": {INSERT, UPDATE},
        "kpi_group_day": {INSERT, UPDATE, DELETE},
        "kpi_heard": {INSERT, UPDATE},
        "kpi_note": {INSERT, DELETE},
        "kpi_noted": {INSERT, UPDATE},
        "kpi_residual": {INSERT, UPDATE, DELETE},
        "kpi_residual_due": {INSERT, DELETE},
        "kpi_residual_series": {INSERT, UPDATE, DELETE},
        "kpi_rested": {INSERT, DELETE},
        "kpi_thinning": {INSERT, UPDATE},
        "rollup_mark": {DELETE},
    },
    "api": {
        "alarm": {f"{UPDATE} acknowledged_at", f"{UPDATE} acknowledged_by"},
        "alarm_note": {INSERT},
        "alarm_shelf": {INSERT, UPDATE},
        "alarm_trial": {INSERT},
        "at_work": {INSERT, UPDATE, DELETE},
        "quarantine_replay": {INSERT},
        "session": {INSERT, DELETE},
        "token": {INSERT, f"{UPDATE} last_used_at", f"{UPDATE} revoked_at"},
    },
    "grafana": {},
}
READ_IN_PART = {"kpi": {f"quarantine {column}" for column in ("city", "last_received_at", "reason", "sender")}}
UNREAD = {"writer": {"token", "session"}, "kpi": {"token", "session", "quarantine"}, "api": set[str]()}
RIGHTS = """
    select relname, lower(privilege_type), null
    from pg_class, aclexplode(relacl)
    where relnamespace = 'public'::regnamespace and grantee = %(role)s::regrole
        and not (relispartition and privilege_type = 'SELECT')
    union all
    select relname, lower(privilege_type), attname
    from pg_attribute join pg_class on pg_class.oid = attrelid, aclexplode(attacl)
    where relnamespace = 'public'::regnamespace and grantee = %(role)s::regrole
"""


def rights(url: str, user: str) -> tuple[set[str], dict[str, set[str]]]:
    """Return the tables, or columns of them, that a role may read, and what it may write, from the catalog."""
    read, written = set[str](), defaultdict[str, set[str]](set)
    with psycopg.connect(url) as administrator:
        for table, privilege, column in administrator.execute(RIGHTS, {"role": ROLES[user]}):
            if privilege == "select":
                read.add(f"{table} {column}" if column else table)
            else:
                written[table].add(f"{privilege} {column}" if column else privilege)
    return read, dict(written)


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as administrator:
        found = administrator.execute(
            # Partitions are made while roles run, with no rights of their own: they are read through their table.
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')"
            " and not relispartition"
            " and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')"
        )
        return {name for (name,) in found}


def expect_the_matrix(url: str) -> None:
    """Check every role on every table, and that none of them is above the rest."""
    everything = tables(url)
    for user, written in WRITTEN.items():
        read = everything - UNREAD[user] if user in UNREAD else set()
        read |= READ_IN_PART.get(user, set())
        assert rights(url, user) == (read, written), user
    with psycopg.connect(url) as administrator:
        above = (
            "select rolname from pg_roles where rolname like 'pharos\\_%'"
            " and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)"
        )
        assert administrator.execute(above).fetchall() == []
        owned = administrator.execute(
            "select relname from pg_class where relnamespace in ('public'::regnamespace, 'grafana'::regnamespace)"
            " and relkind in ('r', 'p', 'v') and relowner <> 'pharos_owner'::regrole"
            " and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')"
        )
        assert owned.fetchall() == []
