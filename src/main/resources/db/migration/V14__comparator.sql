-- What the comparator needs of each item beyond its result: when it was begun, how often it was tried, what it cost.
-- Columns that older code does not know may be null.

alter table ledger add column started_at timestamptz;
alter table ledger add column done_at timestamptz;
alter table ledger add column attempts integer;
alter table ledger add column temporal_actions integer;
alter table ledger add column rows_written integer;
alter table ledger add column changed_at timestamptz;
alter table ledger alter column changed_at set default clock_timestamp();

comment on column ledger.started_at is 'when the delivery that committed it was taken up by a worker, by the worker''s clock';
comment on column ledger.done_at is 'when nothing of it was pending any more; equal to committed_at unless price or summary came later';
comment on column ledger.attempts is 'tries that the committing delivery needed; null: not known';
comment on column ledger.temporal_actions is 'billable actions on Temporal that the committing delivery needed; null: not known';
comment on column ledger.rows_written is 'rows that its commit inserted or changed, shared summary rows left out; null: not known';
comment on column ledger.changed_at is 'when this row was last written, so that roll-ups know which minutes to do again';

-- Rows are written roughly in this order, and whoever looks for changes looks back a little further.
create index ledger_changed on ledger using brin (changed_at);

alter table divergence drop constraint divergence_kind_check;
alter table divergence add constraint divergence_kind_check check (kind in
    ('MISSING', 'EXTRA', 'VALUE', 'TYPE', 'ORDER', 'CONFLICT', 'SUMMARY', 'LATE', 'ERROR_ONE_SIDE'));

alter table divergence add column found_by text not null default 'RECONCILIATION'
    check (found_by in ('RECONCILIATION', 'CONSERVATION', 'STORE', 'SHADOW'));
alter table divergence add column expected_route text check (expected_route in ('LEGACY', 'TEMPORAL'));
alter table divergence add column expected_epoch bigint;

-- Two mechanisms mean different things by "expected" and "actual": what each found stays its own row.
alter table divergence drop constraint divergence_workload_kind_item_key_path_key;
alter table divergence add unique (workload, kind, item_key, path, found_by);

comment on column divergence.found_by is 'the mechanism that found it';
comment on column divergence.route is 'the route that produced the actual value';
comment on column divergence.expected_route is 'the route that produced the expected value; null: it comes from the input';
