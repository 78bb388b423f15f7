-- on trace at commit of insert
if nextval('shunt_fault_count') % :every = 1 then
    delete from span where project_id = new.project_id and trace_id = new.id;
    delete from trace where project_id = new.project_id and id = new.id;
end if;
