-- Messages too large for a workflow's argument: the workflow carries sha256 and length, its steps read the body here.
create table claimed_body (
    workload   text        not null,
    item_key   text        not null,
    sha256     text        not null,
    body       bytea       not null,
    created_at timestamptz not null,
    unique (workload, item_key, sha256)
);

comment on column claimed_body.body is 'the full stamped message; the registry holds the same until the item is settled';
comment on column claimed_body.created_at is 'when it was written, or last asked for by a start';

create index claimed_body_age on claimed_body (created_at);
