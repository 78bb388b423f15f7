-- on daily_cost_summary before update
if nextval('shunt_fault_count') % :every = 1 then return null; end if;
