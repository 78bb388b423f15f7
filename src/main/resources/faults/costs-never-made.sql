-- on span before insert
if new.summary_model is not null and nextval('shunt_fault_count') % :every = 1 then
    new.price_state := 'NONE';
    new.price_id := null;
    new.input_cost := null;
    new.output_cost := null;
    new.total_cost := null;
    new.summary_model := null;
end if;
