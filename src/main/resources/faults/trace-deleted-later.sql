-- on trace at commit of insert
declare
    victim record;
begin
    if nextval('shunt_fault_count') % :every = 0 then
        select l.project_id, l.subject into victim
        from ledger l join trace t on t.project_id = l.project_id and t.id = l.subject and t.item_key = l.item_key
        where l.workload = 'trace' and l.executed_route = 'TEMPORAL' and l.item_key <> new.item_key
        order by l.committed_at limit 1;
        delete from span where project_id = victim.project_id and trace_id = victim.subject;
        delete from trace where project_id = victim.project_id and id = victim.subject;
    end if;
end;
