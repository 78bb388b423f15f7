-- on span before insert
new.start_time := date_trunc('second', new.start_time);
new.end_time := date_trunc('second', new.end_time);
-- on trace before insert
new.occurred_at := date_trunc('second', new.occurred_at);
