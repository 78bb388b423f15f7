-- Sums of the ledger per minute of acceptance, decided route and way in, so that a report over a day need not read a day.
-- All of it is a cache: after "truncate cohort_minute, cohort_mark, cohort_stale" it is built anew.

create table cohort_minute (
    workload         text        not null,
    minute           timestamptz not null,
    decided_route    text        not null,
    way_in           text        not null,
    accepted         bigint      not null,
    completed        bigint      not null,
    pending          bigint      not null,
    open             bigint      not null,
    dead             bigint      not null,
    retried          bigint      not null,
    fallback         bigint      not null,
    diverted         bigint      not null,
    duplicates       bigint      not null,
    replays          bigint      not null,
    costed           bigint      not null,
    temporal_actions bigint      not null,
    rows_written     bigint      not null,
    accept_to_start  bytea,
    start_to_commit  bytea,
    commit_to_done   bytea,
    accept_to_commit bytea,
    primary key (workload, minute, decided_route, way_in)
);

comment on column cohort_minute.costed is 'items of which actions and rows are known; the sums beside it are theirs';
comment on column cohort_minute.accept_to_commit is
    'HdrHistogram, V2 encoding, microseconds, 3 digits; null: no item. Replayed dead letters are left out of all four';

create table cohort_mark (
    workload   text primary key,
    seen_until timestamptz not null,
    built_from timestamptz not null
);

comment on column cohort_mark.seen_until is
    'by the database''s clock: what changed until two minutes before it is in the sums of minutes from built_from on';
comment on column cohort_mark.built_from is 'minutes before it were not summed up yet; 1970: all were';

-- A row that is deleted leaves no changed_at behind.
create table cohort_stale (
    id       bigint generated always as identity primary key,
    workload text        not null,
    minute   timestamptz not null
);

create function note_stale_cohorts() returns trigger language plpgsql as $$
begin
    insert into cohort_stale (workload, minute)
    select distinct workload, date_trunc('minute', accepted_at) from gone;
    return null;
end
$$;

create trigger ledger_deleted after delete on ledger referencing old table as gone
    for each statement execute function note_stale_cohorts();

-- New pages are summed up for the index as they fill: who looks for changes must not read a partition.
drop index ledger_changed;
create index ledger_changed on ledger using brin (changed_at) with (pages_per_range = 32, autosummarize = on);

-- Until when everything in flight was copied into the ledger, so that only younger entries are looked for in Redis.
create table open_mark (
    workload     text primary key,
    copied_until timestamptz not null
);

-- What is not finished, whether it was stored or not: few rows, asked for by reports and before anything is dropped.
drop index ledger_open;
create index ledger_unfinished on ledger (workload, accepted_at) where state in ('OPEN', 'PENDING');
