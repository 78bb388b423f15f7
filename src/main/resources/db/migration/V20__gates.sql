-- What gates said, from what, and what they hold Temporal against.

create table gate_verdict (
    id       text        primary key,
    workload text        not null,
    rollout  text        not null,
    phase    text        not null,
    epoch    bigint      not null,
    at       timestamptz not null,
    outcome  text        not null check (outcome in ('PASS', 'FAIL', 'INCONCLUSIVE', 'NO_DATA')),
    decisive boolean     not null default false,
    findings jsonb       not null
);

comment on column gate_verdict.findings is
    'each gate with its limit, what it said and all it was made from: enough to make it again (shunt verdict <id>)';
comment on column gate_verdict.decisive is 'a decision rests on it';

create index gate_verdict_newest on gate_verdict (rollout, at desc);

-- Frozen once for a phase, by whichever instance comes first.
create table gate_baseline (
    rollout   text        not null,
    phase     text        not null,
    way_in    text        not null,
    frozen_at timestamptz not null default clock_timestamp(),
    baseline  jsonb       not null,
    primary key (rollout, phase, way_in)
);

-- What was counted of a rollout so far, so that another instance goes on where this one stopped.
create table gate_evidence (
    rollout  text        primary key,
    workload text        not null,
    kept_at  timestamptz not null default clock_timestamp(),
    evidence jsonb       not null
);
