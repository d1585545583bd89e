-- The raw tables: append-only, written by the loader alone, each load in one transaction.
begin;

create schema if not exists lake.raw;

create table if not exists lake.raw.loads (
    load_id bigint,
    loaded_at timestamptz,
    event_count bigint,
    rejection_count bigint,
    record_count bigint
);

-- One row an event that passed the door, as sent (payload) and typed.
create table if not exists lake.raw.events (
    load_id bigint,
    journal_seq bigint,        -- order of arrival: (journal_seq, event_index)
    event_index integer,
    receipt_id uuid,
    client_id varchar,
    received_at timestamptz,
    day date,                  -- UTC day of event_time: partition and sort key
    event_time timestamptz,
    event_id varchar,          -- without a urn:uuid: prefix
    event_hash ubigint,        -- of (client_id, event_id): finds repetitions cheaply
    canonical_hash varchar,    -- SHA-256, hex; equal exactly when the RFC 8785 forms are equal
    is_processed boolean,      -- of a type that produces figures; ActivityEvent: says enough
    event_type varchar,
    action varchar,
    actor_ref varchar,
    actor_type varchar,
    student_ref varchar,       -- who the event is about, as sent; null if it names nobody
    app_ref varchar,           -- edApp.id as sent
    session_ref varchar,       -- null for urn:tag:auto-attach
    course_ref varchar,        -- extensions.course.id, else isPartOf of a course type, object.course.id
    object_part_ref varchar,   -- object.isPartOf: a course, if its type or the catalog says so
    object_part_type varchar,
    lesson_ref varchar,        -- extensions.lesson.id
    assignable_ref varchar,    -- object.assignable or generated.attempt.assignable
    assignable_type varchar,
    assignable_part_ref varchar,
    object_ref varchar,
    object_type varchar,
    object_name varchar,
    generated_ref varchar,
    generated_type varchar,
    attempt_ref varchar,       -- generated.attempt, else object or generated if of type Attempt
    attempt_part_ref varchar,  -- the attempt that an item's attempt belongs to
    score_type varchar,        -- upper case; null if not sent
    score_given double,
    max_score double,
    is_correct boolean,        -- extensions.correct of generated or of the event
    question_count integer,    -- totalQuestions of generated.extensions or extensions
    correct_count integer,     -- correctQuestions likewise
    duration_seconds double,   -- time on task that the event itself measured
    subject varchar,           -- extensions.subject
    payload varchar            -- the event object, as sent
);

-- One row an event that the door refused, with its reason.
create table if not exists lake.raw.rejections (
    load_id bigint,
    journal_seq bigint,
    event_index integer,
    receipt_id uuid,
    client_id varchar,
    received_at timestamptz,
    event_id varchar,          -- null if there was no usable one
    event_type varchar,
    reason varchar,
    path varchar,              -- JSON path of what is wrong
    message varchar,
    payload varchar
);

-- One row a version of a catalog, roster or client record.
create table if not exists lake.raw.records (
    load_id bigint,
    record_seq bigint,
    record_type varchar,       -- course unit lesson resource user org class enrollment
                               -- academicSession agent client
    sourced_id varchar,
    version integer,
    owner_client_id varchar,   -- null: Alpha's
    is_sandbox boolean,
    status varchar,
    recorded_at timestamptz,
    payload varchar            -- JSON, OneRoster shape
);

alter table lake.raw.events set partitioned by (year(day), month(day));
alter table lake.raw.events set sorted by (day, student_ref, event_time);
call lake.set_option('data_inlining_row_limit', 0);
call lake.set_option('parquet_compression', 'zstd');

commit;

-- Compaction rewrites files below this size only, so that its cost does not grow with history.
call lake.set_option('target_file_size', '32MB', schema => 'raw');
