-- One stored trace with its spans, for a person. JSON is put together here so that numbers keep their exact form.
select json_build_object(
    'id', t.id, 'name', t.name, 'timestamp', to_char(t.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'session_id', t.session_id, 'user_id', t.user_id, 'metadata', t.metadata, 'item_key', t.item_key,
    'stored_at', to_char(t.stored_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'spans', coalesce((
        select json_agg(json_build_object(
            'id', s.id, 'parent_span_id', s.parent_span_id, 'name', s.name,
            'start_time', to_char(s.start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'end_time', to_char(s.end_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'input', s.input, 'output', s.output, 'metadata', s.metadata,
            'model', s.model, 'model_parameters', s.model_parameters,
            'prompt_tokens', s.prompt_tokens, 'completion_tokens', s.completion_tokens, 'total_tokens', s.total_tokens,
            'level', s.level, 'status_message', s.status_message,
            'price_state', s.price_state, 'summarised', s.summarised,
            'input_cost', trim_scale(s.input_cost)::text, 'output_cost', trim_scale(s.output_cost)::text,
            'total_cost', trim_scale(s.total_cost)::text,
            'item_key', s.item_key
        ) order by s.start_time, s.id)
        from span s where s.project_id = t.project_id and s.trace_id = t.id), '[]'::json)
)::text
from trace t
where t.project_id = ? and t.id = ?
