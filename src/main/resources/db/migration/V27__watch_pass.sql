-- When each mechanism of the comparator last came to its end, whichever instance it was on, in database time.
create table watch_pass (
    workload   text        not null,
    pass       text        not null check (pass in ('CHECK', 'CONSERVATION')),
    passed_at  timestamptz not null,
    good_until timestamptz not null,
    primary key (workload, pass)
);

comment on column watch_pass.good_until is 'several intervals later: from then on nobody knows';
