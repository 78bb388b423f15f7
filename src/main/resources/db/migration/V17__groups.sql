-- What people say about divergences, what they chose not to look at, and reconciliation over a range of time.

-- The newest row of a group is its state; without one it is NEW. Rows are only added: they are the audit trail too.
create table divergence_judgement (
    id           bigint generated always as identity primary key,
    workload     text        not null,
    kind         text        not null,
    path_pattern text        not null,
    state        text        not null check (state in ('NEW', 'SEEN', 'ACCEPTED', 'FIXED')),
    judged_at    timestamptz not null default clock_timestamp(),
    judged_by    text        not null,
    reason       text        not null
);

create index divergence_judgement_group on divergence_judgement (workload, kind, path_pattern, id);

-- Rules are never deleted: what they hid must stay explainable.
create table ignore_rule (
    id                 bigint generated always as identity primary key,
    workload           text        not null,
    path               text        not null,
    path_like          text        not null,
    kind               text,
    absolute_tolerance numeric check (absolute_tolerance >= 0),
    relative_tolerance numeric check (relative_tolerance >= 0),
    reason             text        not null,
    owner              text        not null,
    created_by         text        not null,
    created_at         timestamptz not null default clock_timestamp(),
    expires_at         timestamptz not null,
    removed_by         text,
    removed_at         timestamptz,
    check (expires_at <= created_at + interval '90 days')
);

comment on column ignore_rule.path is 'a path or pattern as a person writes it: * stands for any text';
comment on column ignore_rule.path_like is 'the same for LIKE';
comment on column ignore_rule.relative_tolerance is 'share of the expected value: 0.01 is one percent';

create index ignore_rule_active on ignore_rule (workload) where removed_at is null;

alter table divergence add column hidden_by bigint;

comment on column divergence.hidden_by is
    'the rule that hid it when it was last recorded. Whether it is hidden now is asked of the rules when it is read';

create index divergence_group on divergence (workload, kind, path_pattern);

create index ledger_checked on ledger using brin (checked_at);
create index ledger_committed on ledger using brin (committed_at);
create index span_stored on span using brin (stored_at);

create table reconciliation (
    id           bigint generated always as identity primary key,
    workload     text        not null,
    window_from  timestamptz not null,
    window_until timestamptz not null check (window_until > window_from),
    repair       text        not null check (repair in ('NONE', 'DRY_RUN', 'APPLY')),
    state        text        not null check (state in ('RUNNING', 'DONE', 'FAILED', 'INTERRUPTED')),
    scheduled    boolean     not null,
    ordered_by   text        not null,
    instance     text        not null,
    step         text        not null default '',
    items        bigint      not null default 0,
    verified     bigint      not null default 0,
    findings     jsonb       not null default '{}',
    failure      text,
    started_at   timestamptz not null default clock_timestamp(),
    alive_at     timestamptz not null default clock_timestamp(),
    ended_at     timestamptz
);

comment on column reconciliation.items is 'completed items in the window';
comment on column reconciliation.verified is 'those of them that were compared with their stored rows so far';
comment on column reconciliation.findings is 'disagreements found, by kind; whether fresh or known already';
comment on column reconciliation.alive_at is 'last sign of life of a running one, in database time';

create unique index reconciliation_one on reconciliation (workload) where state = 'RUNNING';
create index reconciliation_recent on reconciliation (workload, started_at);

create table summary_repair (
    id         bigint generated always as identity primary key,
    run_id     bigint      not null references reconciliation (id),
    project_id text        not null,
    day        date        not null,
    row_name   text        not null,
    before     text,
    after      text,
    applied    boolean     not null,
    actor      text        not null,
    at         timestamptz not null default clock_timestamp()
);

comment on column summary_repair.before is 'figures of the summary row as JSON; null: there was none';
comment on column summary_repair.after is 'figures as repaired, or as they would be; null: the row goes';

create index summary_repair_run on summary_repair (run_id);
