-- on span before insert
if new.price_state = 'PRICED' and nextval('shunt_fault_count') % :every = 1 then
    new.price_id := null;
    new.input_cost := null;
    new.output_cost := null;
    new.total_cost := null;
end if;
