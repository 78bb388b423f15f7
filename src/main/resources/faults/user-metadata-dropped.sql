-- on tracked_user before insert
new.metadata := null;
