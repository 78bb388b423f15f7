-- What each instance recalled for a rollback, in all: a total may be written twice, an increment may not. rollback_proof.recalled has
-- what instances of the version before counted.
create table rollback_recalled (
    rollback text   not null references rollback_proof (id) on delete cascade,
    instance text   not null,
    items    bigint not null,
    primary key (rollback, instance)
);

alter table flag_acknowledgement add column leaseless boolean not null default false;

comment on column flag_acknowledgement.leaseless is
    'it obeyed a completed rollout: without the flag it goes on with Temporal instead of sending to legacy when its lease ends';
