-- The ledger forgets an item while its divergence is kept for the gates; that people decided its route must not be forgotten with it.
alter table divergence add column by_people boolean not null default false;

comment on column divergence.by_people is
    'the ledger row, before it was forgotten, said that people decided (PINNED, REPLAY): no gate counts this one';
