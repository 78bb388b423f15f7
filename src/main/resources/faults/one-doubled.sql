-- on trace at commit of insert
if new.id not like '%~again' and nextval('shunt_fault_count') % :every = 1 then
    insert into trace (project_id, id, name, occurred_at, session_id, user_id, metadata, item_key)
    values (new.project_id, new.id || '~again', new.name, new.occurred_at, new.session_id, new.user_id, new.metadata,
        new.item_key);
    insert into span
    select (jsonb_populate_record(s, jsonb_build_object('trace_id', new.id || '~again'))).*
    from span s where s.project_id = new.project_id and s.trace_id = new.id;
end if;
