-- Shadow pairs: what was ordered, and what came of them. The newest row of a workload is in force; older ones are its history.

create table shadow_setting (
    id           bigint generated always as identity primary key,
    workload     text        not null,
    basis_points integer     not null check (basis_points between 0 and 10000),
    mode         text        not null check (mode in ('OTHER_ROUTE', 'SAME_ROUTE')),
    suspended    boolean     not null default false,
    changed_at   timestamptz not null default clock_timestamp(),
    changed_by   text        not null,
    reason       text        not null
);

comment on column shadow_setting.suspended is 'put on hold by a rollback; a person orders it anew';

create index shadow_setting_newest on shadow_setting (workload, id desc);

-- sampled = compared + shed + failed + timed_out + those still waiting; compared = equal + differing.
create table shadow_minute (
    workload      text        not null,
    minute        timestamptz not null,
    primary_route text        not null check (primary_route in ('LEGACY', 'TEMPORAL')),
    shadow_route  text        not null check (shadow_route in ('LEGACY', 'TEMPORAL')),
    mode          text        not null check (mode in ('OTHER_ROUTE', 'SAME_ROUTE')),
    sampled       bigint      not null default 0,
    equal         bigint      not null default 0,
    differing     bigint      not null default 0,
    shed          bigint      not null default 0,
    failed        bigint      not null default 0,
    timed_out     bigint      not null default 0,
    primary key (workload, minute, primary_route, shadow_route, mode)
);

comment on column shadow_minute.minute is 'in which the items were accepted';
comment on column shadow_minute.failed is 'pairs of which one side could not be run or read: they say nothing about the item';
