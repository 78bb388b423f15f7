-- The rollout of each workload: where it stands, what happened, who is pinned, which orders were answered already.

-- One row for each workload that was ever rolled out; without one the rollout is NOT_STARTED.
create table rollout (
    workload         text primary key,
    id               text        not null,
    state            text        not null
        check (state in ('NOT_STARTED', 'RUNNING', 'HELD', 'ROLLED_BACK', 'COMPLETED')),
    phase            text        not null,
    started_at       timestamptz not null,
    phase_started_at timestamptz not null,
    changed_at       timestamptz not null,
    plan_hash        text        not null,
    held_because     text,
    waived           text[]      not null default '{}',
    cooldown_until   timestamptz
);

comment on column rollout.id is 'of the present or last rollout: the evidence of one is never counted for the next';
comment on column rollout.waived is 'gates of mode hold whose FAIL a person has accepted for this phase';

-- The audit trail. What the flag did is in flag_history; this says what was ordered and why it was allowed.
create table rollout_event (
    id           bigint generated always as identity primary key,
    workload     text        not null,
    rollout      text,
    at           timestamptz not null default clock_timestamp(),
    what         text        not null,
    actor        text        not null,
    verified     boolean     not null,
    reason       text        not null,
    from_state   text,
    to_state     text,
    from_phase   text,
    to_phase     text,
    from_points  integer,
    to_points    integer,
    epoch        bigint,
    verdict      text,
    detail       text
);

comment on column rollout_event.epoch is 'the version of the flag that this made, or that it was made at';
comment on column rollout_event.verdict is 'gate_verdict.id that the decision rests on';

create index rollout_event_workload on rollout_event (workload, id desc);

create function rollout_event_kept() returns trigger
    language plpgsql as
$$
begin
    raise exception 'rollout_event is the audit trail: rows are added, never changed or removed'
        using errcode = 'insufficient_privilege';
end
$$;

create trigger rollout_event_kept before update or delete on rollout_event
    for each row execute function rollout_event_kept();

create trigger rollout_event_not_truncated before truncate on rollout_event
    for each statement execute function rollout_event_kept();

-- Who stays on one route for a while, whatever the percentage says.
create table rollout_pin (
    id         bigint generated always as identity primary key,
    workload   text         not null,
    feature    varchar(100) not null,
    scope      text         not null check (scope in ('PROJECT', 'KEY')),
    value      text         not null check (length(value) between 1 and 512),
    route      text         not null check (route in ('LEGACY', 'TEMPORAL')),
    until      timestamptz  not null,
    reason     text         not null,
    pinned_by  text         not null,
    verified   boolean      not null,
    pinned_at  timestamptz  not null default clock_timestamp(),
    removed_at timestamptz
);

create unique index rollout_pin_one on rollout_pin (workload, scope, value) where removed_at is null;

-- A changed pin is a changed flag: it gets an epoch, is noticed, obeyed and acknowledged like one.
create function rollout_pin_changed() returns trigger
    language plpgsql set search_path from current as
$$
begin
    perform flag_changed(f.feat_uid, to_jsonb(f), to_jsonb(f)) from ff4j_features f
    where f.feat_uid = case when tg_op = 'DELETE' then old.feature else new.feature end;
    return null;
end
$$;

create trigger rollout_pin_changed after insert or update or delete on rollout_pin
    for each row execute function rollout_pin_changed();

-- Answers to orders that carried an Idempotency-Key; kept for a day.
create table idempotency_key (
    key         text primary key,
    fingerprint text        not null,
    begun_at    timestamptz not null default clock_timestamp(),
    status      integer,
    headers     text,
    body        bytea
);

comment on column idempotency_key.fingerprint is 'SHA-256 of path and body';
comment on column idempotency_key.status is 'null: still being carried out';

create index idempotency_key_begun on idempotency_key (begun_at);
