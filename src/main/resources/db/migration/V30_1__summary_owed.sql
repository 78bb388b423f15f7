-- Days of which items were verified and whose summaries nobody has looked at since: few rows, that outlive the instance that checks.
create table summary_owed (
    workload   text        not null,
    day        date        not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (workload, day)
);

comment on column summary_owed.changed_at is 'when it was noted last; the row goes after a look that began later';
comment on column ledger.checked_at is 'when the comparator verified the stored result, in database time; null: not yet';
