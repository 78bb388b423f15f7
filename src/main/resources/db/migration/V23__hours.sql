-- Sums of cohort_minute per hour, so that a report over a month need not read 43,200 minutes. An hour has rows for all of its
-- cohorts, or none; then its minutes are read. Part of the same cache: "truncate cohort_minute, cohort_hour, cohort_hour_due,
-- cohort_mark, cohort_stale" and it is built anew.

create table cohort_hour (
    workload         text        not null,
    hour             timestamptz not null,
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
    primary key (workload, hour, decided_route, way_in)
);

-- Hours whose minutes have changed since they were summed up, or never were.
create table cohort_hour_due (
    workload text        not null,
    hour     timestamptz not null,
    primary key (workload, hour)
);

insert into cohort_hour_due (workload, hour)
select distinct workload, date_trunc('hour', minute, 'UTC') from cohort_minute;
