-- on daily_cost_summary before insert
if new.model = '__all__' then return null; end if;
