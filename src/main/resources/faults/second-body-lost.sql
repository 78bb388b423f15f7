-- on span before insert
if exists (select from trace t
           where t.project_id = new.project_id and t.id = new.trace_id and t.item_key <> new.item_key) then
    return null;
end if;
