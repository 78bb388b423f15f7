-- Rollbacks as they can be followed to their end. Whoever took the flag to 0, and however, there is one row here: triggers see
-- to that, so that it holds for plain SQL and for instances of the version before.

-- What becomes of items that are on Temporal: finish | recall | wait <n>s then recall; null: the setting of who carries it out.
alter table rollback_order add column in_flight text;

create table rollback_proof (
    id            text primary key,
    workload      text,
    feature       varchar(100),
    epoch         bigint      not null unique,
    ordered_at    timestamptz not null,
    ordered_by    text        not null,
    verified      boolean     not null,
    reason        text        not null,
    in_flight     text,
    recorded_at   timestamptz not null default clock_timestamp(),
    fenced_at     timestamptz,
    obeyed_at     timestamptz,
    at_first      bigint,
    remaining     bigint,
    looked_at     timestamptz,
    recalled      bigint      not null default 0,
    completed_at  timestamptz,
    completed_by  text,
    check (workload is not null or feature is not null)
);

comment on column rollback_proof.workload is 'of an order; null if the flag was changed otherwise, then feature names it';
comment on column rollback_proof.at_first is 'items in the registry when it was first looked at with the fence raised';
comment on column rollback_proof.completed_at is 'fence raised, every live instance obeys, nothing in flight: written once';

create index rollback_proof_open on rollback_proof (epoch) where completed_at is null;
create index rollback_proof_workload on rollback_proof (workload, epoch desc);
create index rollback_proof_feature on rollback_proof (feature, epoch desc);

create table rollback_proof_instance (
    rollback        text        not null references rollback_proof (id) on delete cascade,
    instance        text        not null,
    epoch           bigint      not null,
    state           text        not null check (state in ('OBEYS', 'LAGGARD', 'LEASE_ENDED', 'LEFT')),
    acknowledged_at timestamptz,
    lease_ends_at   timestamptz,
    primary key (rollback, instance)
);

-- When each instance first obeyed a version; flag_acknowledgement knows the last one only.
create table flag_acknowledged (
    instance text        not null,
    workload text        not null,
    epoch    bigint      not null,
    at       timestamptz not null default clock_timestamp(),
    primary key (workload, epoch, instance)
);

create function flag_acknowledged() returns trigger
    language plpgsql set search_path from current as
$$
begin
    if tg_op = 'INSERT' or new.epoch <> old.epoch then
        insert into flag_acknowledged (instance, workload, epoch) values (new.instance, new.workload, new.epoch)
        on conflict do nothing;
    end if;
    return null;
end
$$;

create trigger flag_acknowledged after insert or update on flag_acknowledgement
    for each row execute function flag_acknowledged();

create function rollback_ordered() returns trigger
    language plpgsql set search_path from current as
$$
begin
    -- the same change of the flag, seen by the other trigger in this very transaction
    delete from rollback_proof where epoch = new.epoch;
    insert into rollback_proof (id, workload, epoch, ordered_at, ordered_by, verified, reason, in_flight)
    values (new.id, new.workload, new.epoch, new.ordered_at, new.ordered_by, new.verified, new.reason, new.in_flight);
    return null;
end
$$;

create trigger rollback_ordered after insert on rollback_order
    for each row execute function rollback_ordered();

create function flag_taken_to_zero() returns trigger
    language plpgsql set search_path from current as
$$
begin
    if new.old_row ->> 'enable' = '1' and flag_basis_points(new.old_row) > 0
        and (new.new_row is null or new.new_row ->> 'enable' <> '1' or flag_basis_points(new.new_row) = 0) then
        insert into rollback_proof (id, feature, epoch, ordered_at, ordered_by, verified, reason)
        values ('flag-' || new.epoch, new.feature, new.epoch, new.changed_at, new.changed_by, new.verified, new.reason)
        on conflict do nothing;
    end if;
    return null;
end
$$;

create trigger flag_taken_to_zero after insert on flag_history
    for each row execute function flag_taken_to_zero();

-- Which build each boot of an instance runs.
create table instance_build (
    instance text        primary key,
    build    text        not null,
    noted_at timestamptz not null default clock_timestamp()
);

-- Rollbacks that were taken to see that they work, and how long they took: evidence, kept.
create table rehearsal (
    id             text        primary key,
    workload       text        not null,
    ordered_by     text        not null,
    verified       boolean     not null,
    reason         text        not null,
    instance       text        not null,
    from_points    integer     not null,
    from_epoch     bigint      not null,
    rollback       text,
    started_at     timestamptz not null default clock_timestamp(),
    obeyed_ms      bigint,
    zero_ms        bigint,
    at_first       bigint,
    restored_epoch bigint,
    ended_at       timestamptz,
    outcome        text        not null default 'RUNNING' check (outcome in ('RUNNING', 'PASSED', 'FAILED')),
    words          text        not null default 'running'
);

create unique index rehearsal_running on rehearsal (workload) where outcome = 'RUNNING';
create index rehearsal_workload on rehearsal (workload, started_at desc);
