-- Pairs of items of which people decided (pinned, or sent again from the dead letters): compared, but no gate counts them.

alter table shadow_minute add column by_people bigint not null default 0;

comment on column shadow_minute.by_people is 'of equal + differing: the item was pinned or a replayed dead letter';
