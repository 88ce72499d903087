-- All figures are in narrow rows now: the rows of before go, and what finds figures comes.

do $$
begin
    if exists (select from kpi_value_wide) or exists (select from kpi_recomputation_wide) then
        raise exception 'figures of before are left in kpi_value_wide or kpi_recomputation_wide: run pharos db migrate again';
    end if;
end
$$;
drop table kpi_value_wide, kpi_recomputation_wide;

-- A revision is in one of these two: while it is current, and afterwards.
create unique index figure_current on figure (kind_id, city_id, site_id, period_start)
    nulls not distinct where superseded_at is null;
create index figure_superseded on figure (kind_id, city_id, site_id, period_start) where superseded_at is not null;
create index figure_batch_of on figure (batch_id);
-- Superseded revisions of periods that were open when they were computed, in the order in which they age.
create index figure_superseded_open on figure (superseded_at)
    where superseded_at is not null and status <> 'f' and through is not null;
create index figure_resting on figure (city_id, coalesce(site_id, 0), period_start)
    where superseded_at is null and (rests_from is not null or rests_on_first);
create index figure_log_computed_at on figure_log (computed_at);

-- Revisions of figures in words. kind_id finds figures of a kind in the order of time where a statement names it. `due`:
-- what it was computed from has changed, or may have, and it is not computed again yet: hours of its period, or those that
-- it rests on. Cities and sites apart, because an index finds null only when asked for it. Texts are looked up, not
-- joined: a planner that has eight tables and more to join no longer looks for the best order.
create view kpi_value as
select
    f.value_id, k.kpi, f.city_id, f.site_id, k.period, f.period_start,
    f.period_start + f.length * interval '1 second' as period_end,
    f.value, e.unit, f.coverage, f.estimated_share,
    case f.status when 'f' then 'final' when 'p' then 'provisional' else 'insufficient' end as status,
    (select t.text from figure_text t where t.text_id = f.reason_id) as reason,
    coalesce(f.through, f.period_start + f.length * interval '1 second') as through,
    case when f.factors_id is null then '[]' else (select t.text::jsonb from figure_text t where t.text_id = f.factors_id) end
        as factors,
    encode(f.inputs_hash, 'hex') as inputs_hash,
    e.rule_version, e.code_version, f.revision, f.computed_at, f.superseded_at, f.lower, f.upper,
    (select t.text from figure_text t where t.text_id = f.cause_id) as cause,
    (select t.text from figure_text t where t.text_id = f.detail_id) as cause_detail,
    f.rests_from, f.rests_on_first, f.kind_id,
    f.superseded_at is null and (
        coalesce(
            tstzrange(
                case when f.rests_on_first then null else coalesce(f.rests_from, f.period_start) end,
                coalesce(f.through, f.period_start + f.length * interval '1 second')
            ) && u.spans,
            false
        )
        or case
            when f.site_id is null then exists (
                select from kpi_due d
                where (d.kpi, d.city_id, d.period, d.period_start) = (k.kpi, f.city_id, k.period, f.period_start)
                    and d.site_id is null
            )
            else exists (
                select from kpi_due d
                where (d.kpi, d.city_id, d.site_id, d.period, d.period_start)
                    = (k.kpi, f.city_id, f.site_id, k.period, f.period_start)
            )
        end
    ) as due
from figure f
join figure_kind k on k.kind_id = f.kind_id
left join figure_edition e on e.edition_id = f.edition_id
left join kpi_unnoted u on u.city_id = f.city_id;

-- Which periods were recomputed, when and why.
create view kpi_recomputation as
select
    l.first_id + one.place - 1 as recomputation_id, k.kpi, l.city_id, one.site_id, k.period, one.period_start,
    cause.text as cause, l.changed, l.computed_at, detail.text as cause_detail
from figure_log l
cross join lateral unnest(l.kinds, l.sites, l.starts, l.details)
    with ordinality as one (kind_id, site_id, period_start, detail_id, place)
join figure_kind k on k.kind_id = one.kind_id
left join figure_text cause on cause.text_id = l.cause_id
left join figure_text detail on detail.text_id = one.detail_id;

-- Until when texts that nothing refers to have been removed.
alter table kpi_thinning add column texts_through timestamptz;

-- How long the oldest due figure has waited is asked often.
create index kpi_due_since on kpi_due (since);
