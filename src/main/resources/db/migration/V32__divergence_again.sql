-- A divergence keeps its row, and its first sight, when it was mended and comes back in a later rollout. The gates of that
-- rollout must count it. A build that does not know this column leaves it alone.
alter table divergence add column again_since timestamptz;

comment on column divergence.again_since is
    'of a divergence of no item: when it came back or went further last; null: it is as it was when it was first seen';

-- Few come back: what gates ask every few seconds needs no other row.
create index divergence_again on divergence (workload, again_since) where again_since is not null;
