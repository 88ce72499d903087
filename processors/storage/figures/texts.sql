-- name: texts
-- The numbers of texts that are known, one for each.
select text, max(text_id) from figure_text
where text = any(%(texts)s) and made_at > now() - %(reused)s::interval
group by text

-- name: texts_add
-- Gives numbers to texts.
insert into figure_text (text) select unnest(%(texts)s::text[]) returning text, text_id

-- name: texts_remove
-- Removes texts that neither figures nor records refer to, but for those that may be used again.
delete from figure_text
where made_at < now() - %(spared)s::interval
    and text_id not in (
        select used.text_id
        from figure f
        cross join lateral (
            values (f.factors_id), (f.reason_id), (f.cause_id), (f.detail_id)
        ) as used (text_id)
        where used.text_id is not null
        union
        select cause_id from figure_log
        union
        select detail_id from figure_log cross join lateral unnest(details) as told (detail_id) where detail_id is not null
    )
