-- on daily_cost_summary before insert
if new.day <> (clock_timestamp() at time zone 'UTC')::date then return null; end if;
