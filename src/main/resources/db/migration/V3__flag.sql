-- The flag: FF4j's own tables, and around them what Shunt adds: an epoch that only grows, history, notice, acknowledgement.

create sequence flag_epoch;

-- Names and columns as the JdbcFeatureStore of FF4j 2.1 uses them. The checks refuse a slip of the pen in psql for our own
-- strategy only; FF4j's imports stay free to write anything else, which Shunt reads as 0 %.
create table ff4j_features (
    feat_uid    varchar(100) primary key,
    enable      integer      not null check (enable in (0, 1)),
    description varchar(1000),
    strategy    varchar(1000),
    expression  varchar(255),
    groupname   varchar(100),
    constraint ff4j_features_basis_points check (
        strategy is distinct from 'dev.shunt.routing.StickyBasisPoints'
        or coalesce(expression, '') ~ '^bp=(10000|[0-9]{1,4})$')
);

create table ff4j_roles (
    feat_uid  varchar(100) references ff4j_features (feat_uid) on delete cascade,
    role_name varchar(100),
    primary key (feat_uid, role_name)
);

create table ff4j_custom_properties (
    property_id  varchar(100) not null,
    clazz        varchar(255) not null,
    currentvalue varchar(255),
    fixedvalues  varchar(1000),
    description  varchar(1000),
    feat_uid     varchar(100) references ff4j_features (feat_uid) on delete cascade,
    primary key (property_id, feat_uid)
);

-- The version of each feature, kept apart from its row so that it survives delete, import and truncate.
create table flag_version (
    feature    varchar(100) primary key,
    epoch      bigint       not null,
    changed_at timestamptz  not null,
    changed_by text         not null,
    verified   boolean      not null,
    reason     text         not null
);

create table flag_history (
    id            bigint generated always as identity primary key,
    feature       varchar(100) not null,
    epoch         bigint       not null,
    changed_at    timestamptz  not null,
    changed_by    text         not null,
    verified      boolean      not null,
    reason        text         not null,
    database_user text         not null,
    old_row       jsonb,
    new_row       jsonb
);

comment on column flag_history.verified is 'whether somebody checked who changed_by is: the database for plain SQL, a login for the API';

create index flag_history_feature on flag_history (feature, epoch desc);

-- What each instance obeys. Times are the database's own: instances' clocks do not matter.
create table flag_acknowledgement (
    instance text        not null,
    workload text        not null,
    epoch    bigint      not null,
    held     boolean     not null,
    lease_ms bigint      not null,
    seen_at  timestamptz not null,
    primary key (instance, workload)
);

-- One row per rollback. The id is given by whoever ordered it, so that an order recorded late is recorded once.
create table rollback_order (
    id          text primary key,
    workload    text        not null,
    ordered_at  timestamptz not null,
    ordered_by  text        not null,
    verified    boolean     not null,
    reason      text        not null,
    epoch       bigint      not null,
    recorded_at timestamptz not null default clock_timestamp(),
    fenced_at   timestamptz
);

comment on column rollback_order.fenced_at is 'when the fence in Redis was at this epoch; null: still to be raised';

create index rollback_order_unfenced on rollback_order (workload) where fenced_at is null;

-- Basis points that a row of ff4j_features stands for; whatever cannot be understood is 0.
create function flag_basis_points(flag jsonb) returns integer
    language sql immutable as
$$
    select case
        when flag ->> 'strategy' = 'dev.shunt.routing.StickyBasisPoints' and flag ->> 'expression' ~ '^bp=(10000|[0-9]{1,4})$'
        then substring(flag ->> 'expression' from 4)::integer
        else 0
    end
$$;

-- The row of flag_version is locked before the number is drawn, so that epochs of one feature commit in their order.
create function flag_changed(changed text, old_row jsonb, new_row jsonb) returns void
    language plpgsql set search_path from current as
$$
declare
    actor   text    := nullif(current_setting('shunt.actor', true), '');
    why     text    := coalesce(nullif(current_setting('shunt.reason', true), ''), 'changed by SQL');
    checked boolean := actor is null or coalesce(current_setting('shunt.verified', true), '') = 'true';
    drawn   bigint;
begin
    insert into flag_version as v (feature, epoch, changed_at, changed_by, verified, reason)
    values (changed, nextval('flag_epoch'), clock_timestamp(), coalesce(actor, session_user), checked, why)
    on conflict (feature) do update
        set epoch = nextval('flag_epoch'), changed_at = clock_timestamp(),
            changed_by = excluded.changed_by, verified = excluded.verified, reason = excluded.reason
    returning v.epoch into drawn;
    insert into flag_history (feature, epoch, changed_at, changed_by, verified, reason, database_user, old_row, new_row)
    select feature, epoch, flag_version.changed_at, flag_version.changed_by, flag_version.verified, flag_version.reason,
           session_user, flag_changed.old_row, flag_changed.new_row
    from flag_version where feature = changed;
    perform pg_notify('shunt_flag', changed || ' ' || drawn);
end
$$;

create function flag_row_changed() returns trigger
    language plpgsql set search_path from current as
$$
begin
    if tg_op = 'INSERT' then
        perform flag_changed(new.feat_uid, null, to_jsonb(new));
    elsif tg_op = 'DELETE' then
        perform flag_changed(old.feat_uid, to_jsonb(old), null);
    elsif new.feat_uid = old.feat_uid then
        perform flag_changed(new.feat_uid, to_jsonb(old), to_jsonb(new));
    else
        perform flag_changed(old.feat_uid, to_jsonb(old), null);
        perform flag_changed(new.feat_uid, null, to_jsonb(new));
    end if;
    return null;
end
$$;

create function flag_table_truncated() returns trigger
    language plpgsql set search_path from current as
$$
begin
    perform flag_changed(feat_uid, to_jsonb(f), null) from ff4j_features f;
    return null;
end
$$;

create trigger flag_row_changed after insert or update or delete on ff4j_features
    for each row execute function flag_row_changed();

create trigger flag_table_truncated before truncate on ff4j_features
    for each statement execute function flag_table_truncated();

set local shunt.actor = 'shunt';
set local shunt.verified = 'true';
set local shunt.reason = 'created with the schema';

insert into ff4j_features (feat_uid, enable, description, strategy, expression)
values ('trace-to-temporal', 1, 'share of traces that Temporal processes, in basis points',
        'dev.shunt.routing.StickyBasisPoints', 'bp=0');
