-- Adds an item's spans that are priced and not summarised. A span counts only through the update that turns
-- `summarised` true, so that two callers cannot both add it.
with added as (
    update span set summarised = true
    where project_id = ? and trace_id = ? and item_key = ? and not summarised and price_state <> 'PENDING'
    returning project_id, start_time, summary_model, prompt_tokens, completion_tokens, total_tokens, price_state,
        input_cost, output_cost, total_cost
)
insert into daily_cost_summary as d (project_id, day, model, spans, unpriced_spans, prompt_tokens, completion_tokens,
    total_tokens, input_cost, output_cost, total_cost)
select s.project_id, (s.start_time at time zone 'UTC')::date, m.model, count(*),
    count(*) filter (where s.price_state = 'UNPRICED'),
    sum(coalesce(s.prompt_tokens, 0)), sum(coalesce(s.completion_tokens, 0)),
    sum(coalesce(s.total_tokens, coalesce(s.prompt_tokens, 0)::bigint + coalesce(s.completion_tokens, 0))),
    sum(coalesce(s.input_cost, 0)), sum(coalesce(s.output_cost, 0)), sum(coalesce(s.total_cost, 0))
from added s
cross join lateral (values (s.summary_model), ('__all__')) as m (model)
where s.summary_model is not null
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
