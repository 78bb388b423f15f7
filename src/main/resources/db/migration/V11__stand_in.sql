-- Accepted while Redis was away: durable here until they have entered the legacy list.
create table stand_in (
    id          bigint generated always as identity primary key,
    workload    text        not null,
    item_key    text        not null,
    message     bytea       not null,
    accepted_at timestamptz not null,
    unique (workload, item_key)
);

comment on column stand_in.message is 'the message with its stamp, as it will be pushed';

create index stand_in_order on stand_in (workload, id);
