-- on session before update
new.user_id := coalesce(
    (select t.user_id from trace t
     where t.project_id = new.project_id and t.session_id = new.id and t.user_id <> ''
     order by t.stored_at desc limit 1),
    new.user_id);
