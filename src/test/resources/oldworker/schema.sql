-- The part of the old system's schema that its worker writes, as Prisma creates it: quoted camel case, timestamp(3) in UTC.
create schema old;
set search_path = old;

create type "SpanLevel" as enum ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR');

create table "Project" (
    "id"        text primary key,
    "name"      text not null,
    "createdAt" timestamp(3) not null default current_timestamp
);

create table tracked_users (
    "id"          text primary key,
    "projectId"   text not null references "Project" ("id") on delete cascade,
    "externalId"  text not null,
    "name"        text,
    "email"       text,
    "metadata"    jsonb,
    "firstSeenAt" timestamp(3) not null default current_timestamp,
    "lastSeenAt"  timestamp(3) not null default current_timestamp,
    "createdAt"   timestamp(3) not null default current_timestamp,
    "updatedAt"   timestamp(3) not null,
    unique ("projectId", "externalId")
);

create table trace_sessions (
    "id"         text primary key,
    "projectId"  text not null references "Project" ("id") on delete cascade,
    "externalId" text,
    "userId"     text references tracked_users ("id") on delete set null,
    "name"       text,
    "metadata"   jsonb,
    "createdAt"  timestamp(3) not null default current_timestamp,
    "updatedAt"  timestamp(3) not null,
    unique ("projectId", "externalId")
);

create table "Trace" (
    "id"        text primary key,
    "projectId" text not null references "Project" ("id") on delete cascade,
    "sessionId" text references trace_sessions ("id") on delete set null,
    "userId"    text references tracked_users ("id") on delete set null,
    "name"      text not null,
    "timestamp" timestamp(3) not null default current_timestamp,
    "metadata"  jsonb
);

create table model_pricing (
    "id"                    text primary key,
    "provider"              text not null,
    "model"                 text not null,
    "displayName"           text not null,
    "inputPricePerMillion"  numeric(10, 6) not null,
    "outputPricePerMillion" numeric(10, 6) not null,
    "effectiveFrom"         timestamp(3) not null default current_timestamp,
    "effectiveTo"           timestamp(3),
    unique ("provider", "model", "effectiveFrom")
);

create table "Span" (
    "id"               text primary key,
    "traceId"          text not null references "Trace" ("id") on delete cascade,
    "parentSpanId"     text,
    "name"             text not null,
    "startTime"        timestamp(3) not null,
    "endTime"          timestamp(3),
    "input"            jsonb,
    "output"           jsonb,
    "metadata"         jsonb,
    "model"            text,
    "modelParameters"  jsonb,
    "promptTokens"     integer,
    "completionTokens" integer,
    "totalTokens"      integer,
    "level"            "SpanLevel" not null default 'DEFAULT',
    "statusMessage"    text,
    "inputCost"        numeric(10, 6),
    "outputCost"       numeric(10, 6),
    "totalCost"        numeric(10, 6),
    "pricingId"        text references model_pricing ("id")
);

create index on "Span" ("traceId", "startTime");
create index on "Span" ("startTime");

create table cost_daily_summary (
    "id"           text primary key,
    "projectId"    text not null references "Project" ("id") on delete cascade,
    "date"         date not null,
    "model"        text not null,
    "spanCount"    integer not null default 0,
    "inputTokens"  bigint not null default 0,
    "outputTokens" bigint not null default 0,
    "totalTokens"  bigint not null default 0,
    "inputCost"    numeric(12, 6) not null default 0,
    "outputCost"   numeric(12, 6) not null default 0,
    "totalCost"    numeric(12, 6) not null default 0,
    "updatedAt"    timestamp(3) not null,
    unique ("projectId", "date", "model")
);

insert into model_pricing values
    ('price-gpt-4o', 'openai', 'gpt-4o', 'GPT-4o', 2.5, 10, '2025-01-01', null),
    ('price-gpt-4', 'openai', 'gpt-4', 'GPT-4', 30, 60, '2025-01-01', null),
    ('price-sonnet', 'anthropic', 'claude-3-5-sonnet', 'Claude 3.5 Sonnet', 3, 15, '2025-01-01', null);
insert into "Project" ("id", "name") values ('p', 'p'), ('q', 'q'), ('r', 'r'), ('l', 'l');
