-- on trace at commit of insert
if nextval('shunt_fault_count') % :every = 1 then
    update ledger set accepted_at = accepted_at - interval '1 minute'
    where workload = 'trace' and item_key = new.item_key;
end if;
