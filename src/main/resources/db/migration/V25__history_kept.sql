-- The flag's history is half of the audit trail: rows are added, never changed or removed. No version of Shunt ever did either.

create function flag_history_kept() returns trigger
    language plpgsql as
$$
begin
    raise exception 'flag_history is the audit trail: rows are added, never changed or removed'
        using errcode = 'insufficient_privilege';
end
$$;

create trigger flag_history_kept before update or delete on flag_history
    for each row execute function flag_history_kept();

create trigger flag_history_not_truncated before truncate on flag_history
    for each statement execute function flag_history_kept();

comment on column idempotency_key.fingerprint is 'SHA-256 of method, path, query, If-Match and body';
