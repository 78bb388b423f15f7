-- The trace workload. Keys are scoped by project; spans by project and trace (see docs/decisions).

create table trace (
    project_id  text        not null references project (id),
    id          text        not null,
    name        text        not null,
    occurred_at timestamptz not null,
    session_id  text,
    user_id     text,
    metadata    jsonb,
    item_key    text        not null,
    stored_at   timestamptz not null default clock_timestamp(),
    primary key (project_id, id)
);

create index trace_stored on trace (stored_at);

create table span (
    project_id        text        not null,
    trace_id          text        not null,
    id                text        not null,
    parent_span_id    text,
    name              text        not null,
    start_time        timestamptz not null,
    end_time          timestamptz,
    input             jsonb,
    output            jsonb,
    metadata          jsonb,
    model             text,
    model_parameters  jsonb,
    prompt_tokens     integer,
    completion_tokens integer,
    total_tokens      integer,
    level             text        not null,
    summary_model     text,
    status_message    text,
    price_state       text        not null check (price_state in ('NONE', 'PENDING', 'PRICED', 'UNPRICED')),
    price_id          bigint,
    input_cost        numeric,
    output_cost       numeric,
    total_cost        numeric,
    summarised        boolean     not null,
    item_key          text        not null,
    client_digest     bigint      not null,
    stored_at         timestamptz not null default clock_timestamp(),
    primary key (project_id, trace_id, id),
    foreign key (project_id, trace_id) references trace (project_id, id)
);

comment on column span.price_state is
    'NONE: nothing to price; PENDING: to be priced; PRICED; UNPRICED: no price in force for this model, counted in the summary';
comment on column span.summary_model is 'the model under which it is summarised (trimmed, lower case); null: nothing of it belongs in the summary';
comment on column span.summarised is 'in the daily summary (or nothing of it belongs there); turned true only by the statement that adds it';
comment on column span.client_digest is 'over what the client sent for this span, without filled-in values; tells the same bytes from a conflict';

create index span_pending on span (stored_at) where not summarised;
create index span_day on span (project_id, start_time);

create table session (
    project_id text        not null references project (id),
    id         text        not null,
    user_id    text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (project_id, id)
);

create table tracked_user (
    project_id    text        not null references project (id),
    id            text        not null,
    name          text,
    email         text,
    metadata      jsonb,
    first_seen_at timestamptz not null,
    last_seen_at  timestamptz not null,
    primary key (project_id, id)
);

-- Prices in US dollars per million tokens. Loaded from src/main/resources/prices.csv at start; rows are only ever added or ended.
create table model_price (
    id                 bigint generated always as identity primary key,
    provider           text        not null,
    model              text        not null,
    effective_from     timestamptz not null,
    effective_to       timestamptz,
    input_per_million  numeric     not null check (input_per_million >= 0),
    output_per_million numeric     not null check (output_per_million >= 0),
    source             text        not null,
    source_date        date        not null,
    loaded_at          timestamptz not null default now(),
    unique (provider, model, effective_from),
    check (effective_to is null or effective_to > effective_from)
);

-- Sums per project, UTC day of the span's start and model (trimmed, lower case); '__all__' sums the same spans per day.
create table daily_cost_summary (
    project_id        text    not null,
    day               date    not null,
    model             text    not null,
    spans             bigint  not null,
    unpriced_spans    bigint  not null,
    prompt_tokens     bigint  not null,
    completion_tokens bigint  not null,
    total_tokens      bigint  not null,
    input_cost        numeric not null,
    output_cost       numeric not null,
    total_cost        numeric not null,
    primary key (project_id, day, model)
);
