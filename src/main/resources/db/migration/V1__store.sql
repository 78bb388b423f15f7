-- The shared persistence layer: what every workload has. Times are timestamptz with microseconds, in UTC.

create table project (
    id         text primary key,
    created_at timestamptz not null default now()
);

-- One row per item, written in the item's own transaction. Partitioned by the UTC day of acceptance; Shunt makes the
-- partitions of the coming days, and the default partition takes what nobody foresaw.
create table ledger (
    accepted_on      date        not null,
    workload         text        not null,
    item_key         text        not null,
    project_id       text        not null,
    subject          text        not null,
    state            text        not null check (state in ('OPEN', 'PENDING', 'DONE', 'DEAD')),
    way_in           text        not null check (way_in in ('HTTP', 'TAP')),
    decided_route    text        not null check (decided_route in ('LEGACY', 'TEMPORAL')),
    executed_route   text        not null check (executed_route in ('LEGACY', 'TEMPORAL')),
    reason           text        not null,
    bucket           integer     not null check (bucket between 0 and 9999),
    basis_points     integer     not null check (basis_points between 0 and 10000),
    epoch            bigint      not null,
    accepted_at      timestamptz not null,
    committed_at     timestamptz,
    delivery_id      text,
    duplicates       integer     not null default 0,
    replays          integer     not null default 0,
    workflow_id      text,
    run_id           text,
    evidence         text        not null default '',
    checked_at       timestamptz,
    primary key (accepted_on, workload, item_key)
) partition by range (accepted_on);

create table ledger_default partition of ledger default;

comment on column ledger.state is
    'OPEN: accepted, copied in while in flight; PENDING: stored, price or summary still to be finished; DONE; DEAD: dead letter';
comment on column ledger.executed_route is 'the route whose delivery committed first';
comment on column ledger.checked_at is 'when the comparator verified the stored result; null: not yet';

create index ledger_item on ledger (workload, item_key);
create index ledger_subject on ledger (workload, project_id, subject);
create index ledger_accepted on ledger (workload, accepted_at);
create index ledger_open on ledger (workload, accepted_at) where state = 'OPEN';
create index ledger_unchecked on ledger (workload, committed_at) where checked_at is null and state = 'DONE';

create table dead_letter (
    id            bigint generated always as identity primary key,
    workload      text        not null,
    raw_sha256    text        not null,
    item_key      text,
    raw           bytea       not null,
    route         text        not null check (route in ('LEGACY', 'TEMPORAL')),
    reason        text        not null,
    attempts      integer     not null,
    way_in        text,
    decided_route text,
    epoch         bigint,
    accepted_at   timestamptz,
    died_at       timestamptz not null,
    state         text        not null default 'DEAD' check (state in ('DEAD', 'REPLAYED', 'DISCARDED')),
    unique (workload, raw_sha256)
);

create index dead_letter_item on dead_letter (workload, item_key);

-- One row per distinct disagreement; the same one seen again only moves last_seen and the count.
create table divergence (
    id           bigint generated always as identity primary key,
    workload     text        not null,
    kind         text        not null check (kind in ('MISSING', 'EXTRA', 'VALUE', 'CONFLICT', 'SUMMARY')),
    path         text        not null,
    path_pattern text        not null,
    expected     text,
    actual       text,
    item_key     text        not null default '',
    route        text,
    epoch        bigint,
    first_seen   timestamptz not null default now(),
    last_seen    timestamptz not null default now(),
    seen         bigint      not null default 1,
    unique (workload, kind, item_key, path)
);

create index divergence_recent on divergence (workload, last_seen);
