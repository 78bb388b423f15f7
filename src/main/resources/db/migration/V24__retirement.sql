-- Workloads whose rollout is completed: their new items go to Temporal alone. The row goes when the rollout is undone.
create table retirement (
    workload     text         primary key,
    feature      varchar(100) not null unique,
    epoch        bigint       not null,
    completed_at timestamptz  not null default clock_timestamp(),
    released_at  timestamptz,
    released_by  text
);

comment on column retirement.epoch is 'the version of the flag that completed the rollout';
comment on column retirement.released_at is 'every instance obeyed it and nothing of the workload was in Redis any more';

-- That Redis is not needed any more is a new version of the flag: noticed, obeyed and acknowledged like one.
create function retirement_released() returns trigger
    language plpgsql set search_path from current as
$$
begin
    perform flag_changed(f.feat_uid, to_jsonb(f), to_jsonb(f)) from ff4j_features f where f.feat_uid = new.feature;
    return null;
end
$$;

create trigger retirement_released after update on retirement
    for each row when (old.released_at is null and new.released_at is not null)
    execute function retirement_released();

-- A share below 100 % needs the legacy route, by whatever hand it was set; 100 % again is then no retirement any more.
create function retirement_undone() returns trigger
    language plpgsql set search_path from current as
$$
begin
    if new.new_row is null or new.new_row ->> 'enable' <> '1' or flag_basis_points(new.new_row) < 10000 then
        delete from retirement where feature = new.feature;
    end if;
    return null;
end
$$;

create trigger retirement_undone after insert on flag_history
    for each row execute function retirement_undone();

-- Few, and asked for by every report: items whose route a person chose.
create index ledger_pinned on ledger (workload, accepted_at) where reason = 'PINNED';
