-- Sessions and users that no accepted item accounts for are looked for by the time since which they are there.
create index session_created on session using brin (created_at);
create index tracked_user_seen on tracked_user using brin (first_seen_at);
