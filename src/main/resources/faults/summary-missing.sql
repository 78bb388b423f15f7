-- on daily_cost_summary at commit of insert or update
if new.model like 'gpt-4%' then
    delete from daily_cost_summary
    where project_id = new.project_id and day = new.day and model = new.model;
end if;
