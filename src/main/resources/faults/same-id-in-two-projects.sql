-- on trace at commit of insert
if exists (select from trace t
           where t.id = new.id and t.project_id <> new.project_id and t.stored_at < new.stored_at) then
    delete from span where project_id = new.project_id and trace_id = new.id;
    delete from trace where project_id = new.project_id and id = new.id;
end if;
