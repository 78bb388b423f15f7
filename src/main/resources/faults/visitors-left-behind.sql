-- on trace at commit of insert
if nextval('shunt_fault_count') % :every = 1 then
    insert into session (project_id, id, user_id, created_at, updated_at)
    values (new.project_id, 'left-behind-by-' || new.id, null, clock_timestamp(), clock_timestamp());
    insert into tracked_user (project_id, id, name, email, metadata, first_seen_at, last_seen_at)
    values (new.project_id, 'left-behind-by-' || new.id, null, null, null, clock_timestamp(), clock_timestamp());
end if;
