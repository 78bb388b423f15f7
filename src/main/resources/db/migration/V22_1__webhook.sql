-- What is to be told to the webhook. Triggers write it in the transaction of what happened; one instance at a time sends it.
create table webhook_outbox (
    id           bigint generated always as identity primary key,
    event_id     text        not null unique,
    kind         text        not null,
    workload     text        not null,
    body         jsonb       not null,
    created_at   timestamptz not null default clock_timestamp(),
    next_try_at  timestamptz not null default clock_timestamp(),
    attempts     integer     not null default 0,
    delivered_at timestamptz,
    last_error   text
);

comment on column webhook_outbox.event_id is 'goes with every try: what arrives twice has the same one';

create index webhook_outbox_due on webhook_outbox (next_try_at) where delivered_at is null;

create function webhook_tell(event text, about text, of text, told jsonb) returns void
    language sql set search_path from current as
$$
    insert into webhook_outbox (event_id, kind, workload, body)
    values (event, about, of, jsonb_strip_nulls(jsonb_build_object('id', event, 'kind', about, 'workload', of) || told))
    on conflict (event_id) do update set workload = excluded.workload, body = excluded.body
        where webhook_outbox.attempts = 0
$$;

create function webhook_of_event() returns trigger
    language plpgsql set search_path from current as
$$
begin
    -- rollbacks are told of from their proof, by whatever hand they were taken
    if new.what in ('START', 'PROMOTE', 'HOLD', 'RESUME', 'COMPLETE', 'REHEARSAL') then
        perform webhook_tell('event-' || new.id, lower(new.what), new.workload, jsonb_build_object(
            'at', new.at, 'by', new.actor, 'verified', new.verified, 'reason', new.reason,
            'fromState', new.from_state, 'toState', new.to_state, 'fromPhase', new.from_phase, 'toPhase', new.to_phase,
            'fromPercentage', new.from_points / 100.0, 'toPercentage', new.to_points / 100.0,
            'epoch', new.epoch, 'verdict', new.verdict, 'detail', new.detail));
    end if;
    return null;
end
$$;

create trigger webhook_of_event after insert on rollout_event for each row execute function webhook_of_event();

create function webhook_of_rollback() returns trigger
    language plpgsql set search_path from current as
$$
declare
    told jsonb := jsonb_build_object('rollback', new.id, 'orderedAt', new.ordered_at, 'by', new.ordered_by,
        'verified', new.verified, 'reason', new.reason, 'epoch', new.epoch);
    of   text  := coalesce(new.workload, new.feature);
begin
    if tg_op = 'INSERT' then
        perform webhook_tell('rollback-' || new.epoch, 'rollback', of, told || jsonb_build_object('at', new.recorded_at));
    elsif old.completed_at is null and new.completed_at is not null then
        perform webhook_tell('rollback-complete-' || new.epoch, 'rollback-complete', of, told || jsonb_build_object(
            'at', new.completed_at, 'recalled', new.recalled,
            'tookMillis', (extract(epoch from greatest(new.completed_at - new.ordered_at, interval '0')) * 1000)::bigint));
    end if;
    return null;
end
$$;

create trigger webhook_of_rollback after insert or update on rollback_proof
    for each row execute function webhook_of_rollback();
