-- What gates and reports ask of divergences every few seconds: those found since a rollout began, and whether a group that is
-- said to be fixed was seen since. Divergences are kept for ever, so neither may read all of them.
--
-- Not concurrently: Flyway holds its own lock in an open transaction, for whose end such a statement would wait. Recording
-- divergences waits until they are made; work without a conflict goes on.

create index divergence_first on divergence (workload, first_seen);
create index divergence_group_seen on divergence (workload, kind, path_pattern, last_seen);
drop index divergence_group;
