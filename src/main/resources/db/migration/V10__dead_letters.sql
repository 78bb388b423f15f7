-- Dead letters are moved on by people: replayed or discarded, with who did it and why.

alter table dead_letter
    add column replays   integer not null default 0,
    add column looked_at timestamptz,
    add column stored_at timestamptz;

comment on column dead_letter.looked_at is 'when a replay was last sent or looked after; set in database time';
comment on column dead_letter.stored_at is 'when the ledger was seen to hold the replayed item; null while REPLAYED: may still have to be sent';

create index dead_letter_open_replay on dead_letter (looked_at) where state = 'REPLAYED' and stored_at is null;

create table dead_letter_action (
    id        bigint generated always as identity primary key,
    letter_id bigint      not null references dead_letter (id) on delete cascade,
    at        timestamptz not null default clock_timestamp(),
    action    text        not null check (action in ('REPLAY', 'DISCARD')),
    actor     text        not null,
    why       text        not null default ''
);

create index dead_letter_action_letter on dead_letter_action (letter_id);
