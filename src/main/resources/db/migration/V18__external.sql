-- A worker outside Shunt as the legacy side of a workload: since when Shunt stands in front of it. What its tables hold from
-- before that was never accepted here.

create table external_worker (
    workload text        primary key,
    since    timestamptz not null default clock_timestamp()
);
