-- on span at commit of insert
if new.summary_model is not null and new.total_tokens is null then
    update daily_cost_summary
    set total_tokens = total_tokens - coalesce(new.prompt_tokens, 0) - coalesce(new.completion_tokens, 0)
    where project_id = new.project_id and day = (new.start_time at time zone 'UTC')::date
        and model in (new.summary_model, '__all__');
end if;
