-- Stores, prices and summarises a group of traces. Applying the same group again changes nothing: what counts into the
-- summary is only what the span insert returned. All inserts go in key order, so that two groups cannot deadlock.
with incoming_trace as (
    select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::jsonb[], ?::text[])
        with ordinality
        as t (project_id, id, name, occurred_at, session_id, user_id, metadata, item_key, n)
),
incoming_span as (
    select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[],
            ?::jsonb[], ?::jsonb[], ?::jsonb[], ?::text[], ?::jsonb[], ?::integer[], ?::integer[], ?::integer[],
            ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
        with ordinality
        as s (project_id, trace_id, id, parent_span_id, name, start_time, end_time, input, output, metadata, model,
            model_parameters, prompt_tokens, completion_tokens, total_tokens, level, status_message, provider,
            price_model, summary_model, item_key, client_digest, n)
),
new_project as (
    insert into project (id)
    select distinct project_id from incoming_trace order by project_id
    on conflict do nothing
),
new_trace as (
    insert into trace (project_id, id, name, occurred_at, session_id, user_id, metadata, item_key)
    select distinct on (project_id, id) project_id, id, name, occurred_at, session_id, user_id, metadata, item_key
    from incoming_trace
    order by project_id, id, n
    on conflict do nothing
    returning item_key
),
priced_span as (
    select s.*, p.id as price_id, p.input_per_million, p.output_per_million,
        case
            when s.summary_model is null then 'NONE'
            when ? then 'PENDING'
            when p.id is null then 'UNPRICED'
            else 'PRICED'
        end as price_state
    from incoming_span s
    left join lateral (
        select m.id, m.input_per_million, m.output_per_million
        from model_price m
        where s.summary_model is not null
            and (coalesce(s.prompt_tokens, 0) <> 0 or coalesce(s.completion_tokens, 0) <> 0)
            and m.provider = s.provider and m.model = s.price_model
            and m.effective_from <= s.start_time and (m.effective_to is null or m.effective_to > s.start_time)
        order by m.effective_from desc
        limit 1) p on true
),
new_span as (
    insert into span (project_id, trace_id, id, parent_span_id, name, start_time, end_time, input, output, metadata,
        model, model_parameters, prompt_tokens, completion_tokens, total_tokens, level, summary_model, status_message,
        price_state, price_id, input_cost, output_cost, total_cost, summarised, item_key, client_digest)
    select distinct on (project_id, trace_id, id) project_id, trace_id, id, parent_span_id, name, start_time, end_time,
        input, output, metadata, model, model_parameters, prompt_tokens, completion_tokens, total_tokens, level,
        summary_model, status_message, price_state,
        case when price_state = 'PRICED' then price_id end,
        -- times 0.000001 and not divided by a million: numeric multiplication is exact, division rounds
        case when price_state = 'PRICED' then coalesce(prompt_tokens, 0) * input_per_million * 0.000001 end,
        case when price_state = 'PRICED' then coalesce(completion_tokens, 0) * output_per_million * 0.000001 end,
        case when price_state = 'PRICED' then coalesce(prompt_tokens, 0) * input_per_million * 0.000001
            + coalesce(completion_tokens, 0) * output_per_million * 0.000001 end,
        price_state <> 'PENDING', item_key, client_digest
    from priced_span
    order by project_id, trace_id, id, n
    on conflict do nothing
    returning project_id, start_time, summary_model, prompt_tokens, completion_tokens, total_tokens, price_state,
        input_cost, output_cost, total_cost, summarised, item_key
),
summary as (
    insert into daily_cost_summary as d (project_id, day, model, spans, unpriced_spans, prompt_tokens,
        completion_tokens, total_tokens, input_cost, output_cost, total_cost)
    select s.project_id, (s.start_time at time zone 'UTC')::date, m.model, count(*),
        count(*) filter (where s.price_state = 'UNPRICED'),
        sum(coalesce(s.prompt_tokens, 0)), sum(coalesce(s.completion_tokens, 0)),
        sum(coalesce(s.total_tokens, coalesce(s.prompt_tokens, 0)::bigint + coalesce(s.completion_tokens, 0))),
        sum(coalesce(s.input_cost, 0)), sum(coalesce(s.output_cost, 0)), sum(coalesce(s.total_cost, 0))
    from new_span s
    cross join lateral (values (s.summary_model), ('__all__')) as m (model)
    where s.summarised and s.summary_model is not null
    group by 1, 2, 3
    order by 1, 2, 3
    on conflict (project_id, day, model) do update set
        spans = d.spans + excluded.spans,
        unpriced_spans = d.unpriced_spans + excluded.unpriced_spans,
        prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = d.completion_tokens + excluded.completion_tokens,
        total_tokens = d.total_tokens + excluded.total_tokens,
        input_cost = d.input_cost + excluded.input_cost,
        output_cost = d.output_cost + excluded.output_cost,
        total_cost = d.total_cost + excluded.total_cost
)
select t.item_key,
    exists (select 1 from new_trace n where n.item_key = t.item_key) as new_trace,
    (select count(*) from new_span s where s.item_key = t.item_key) as new_spans,
    exists (select 1 from new_span s where s.item_key = t.item_key and not s.summarised) as pending
from incoming_trace t
