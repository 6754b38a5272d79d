-- The database of sluice: three result tables for readers, and the schema `sluice` for the bookkeeping that makes them exactly once.
-- The tables are named with their schema: the user is called like the schema `sluice`, which would otherwise come first in the search path.
-- Safe to run again: nothing is dropped or overwritten. Docker runs it on first start, the embedded mode on every start.

CREATE TABLE IF NOT EXISTS public.page_view_counts (
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  page_url     text        NOT NULL,
  view_count   bigint      NOT NULL CHECK (view_count > 0),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  batch_id     bigint      NOT NULL,
  PRIMARY KEY (window_start, page_url),
  CHECK (window_end = window_start + interval '1 minute')
);
COMMENT ON TABLE public.page_view_counts IS 'Page views per page and minute of event time. A row changes while its minute is open and is final once the watermark has passed window_end.';
COMMENT ON COLUMN public.page_view_counts.batch_id IS 'Micro-batch that wrote the row last; an older batch never overwrites a newer one.';
CREATE INDEX IF NOT EXISTS page_view_counts_by_page ON public.page_view_counts (page_url, window_start);

CREATE TABLE IF NOT EXISTS public.active_users (
  window_start      timestamptz NOT NULL,
  window_end        timestamptz NOT NULL,
  active_user_count bigint      NOT NULL CHECK (active_user_count > 0),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  batch_id          bigint      NOT NULL,
  PRIMARY KEY (window_start),
  CHECK (window_end = window_start + interval '5 minutes')
);
COMMENT ON TABLE public.active_users IS 'Distinct users per five minutes, sliding by one minute, estimated by HyperLogLog++ with a relative standard deviation of 2 %.';
COMMENT ON COLUMN public.active_users.batch_id IS 'Micro-batch that wrote the row last; an older batch never overwrites a newer one.';

CREATE TABLE IF NOT EXISTS public.user_sessions (
  user_id          text          NOT NULL,
  session_start    timestamptz   NOT NULL,
  session_end      timestamptz   NOT NULL,
  duration_seconds numeric(18,6) NOT NULL,
  event_count      bigint        NOT NULL CHECK (event_count > 0),
  page_views       bigint        NOT NULL CHECK (page_views >= 0),
  end_reason       text          NOT NULL CHECK (end_reason IN ('session_end', 'session_start', 'timeout')),
  updated_at       timestamptz   NOT NULL DEFAULT now(),
  batch_id         bigint        NOT NULL,
  PRIMARY KEY (user_id, session_start),
  CHECK (session_end >= session_start)
);
COMMENT ON TABLE public.user_sessions IS 'One row per closed session: a run of one user''s events with no gap above the timeout, cut by session_start and session_end.';
COMMENT ON COLUMN public.user_sessions.duration_seconds IS 'session_end - session_start, the times of the last and the first event, to the microsecond.';
COMMENT ON COLUMN public.user_sessions.end_reason IS 'session_end: the user left; session_start: cut by a new session; timeout: no event for the session timeout.';
COMMENT ON COLUMN public.user_sessions.batch_id IS 'Micro-batch that wrote the row last; an older batch never overwrites a newer one.';
CREATE INDEX IF NOT EXISTS user_sessions_by_start ON public.user_sessions (session_start);

CREATE SCHEMA IF NOT EXISTS sluice;
COMMENT ON SCHEMA sluice IS 'Bookkeeping of the pipelines: which micro-batch is in, and who may write.';

CREATE TABLE IF NOT EXISTS sluice.ledger (
  pipeline     text        NOT NULL,
  query        text        NOT NULL,
  query_id     uuid        NOT NULL,
  batch_id     bigint      NOT NULL CHECK (batch_id >= 0),
  epoch        bigint      NOT NULL,
  offsets      jsonb       NOT NULL,
  watermark    timestamptz,
  rows         bigint      NOT NULL,
  dead         bigint      NOT NULL DEFAULT 0,
  committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (pipeline, query, query_id, batch_id)
);
COMMENT ON TABLE sluice.ledger IS 'One row per micro-batch and query, inserted in the same transaction as the rows of the batch: a batch listed here is in, any other is not.';
COMMENT ON COLUMN sluice.ledger.query_id IS 'Identity of the checkpoint; a new checkpoint has a new one, so that batch ids which start again at 0 are not taken for old ones.';
COMMENT ON COLUMN sluice.ledger.offsets IS '{"topic": {"partition": [from, until]}}: the batch read from <= offset < until.';
COMMENT ON COLUMN sluice.ledger.watermark IS 'Event-time watermark in force while the batch ran (it evicts state); late rows are judged by that of the batch before. NULL: none yet.';

CREATE TABLE IF NOT EXISTS sluice.batches (
  pipeline    text        NOT NULL,
  query       text        NOT NULL,
  query_id    uuid        NOT NULL,
  batch_id    bigint      NOT NULL,
  started_at  timestamptz NOT NULL,
  duration_ms bigint      NOT NULL,
  input_rows  bigint      NOT NULL,
  late_rows   bigint      NOT NULL,
  state_rows  bigint      NOT NULL,
  state_bytes bigint      NOT NULL,
  PRIMARY KEY (pipeline, query, query_id, batch_id)
);
COMMENT ON TABLE sluice.batches IS 'What Spark reported of each finished micro-batch, written by the supervisor afterwards. For people: the ledger, not this, says what is in.';
COMMENT ON COLUMN sluice.batches.late_rows IS 'State rows (not events: rows are combined before they reach the state) dropped because their window was closed.';

CREATE TABLE IF NOT EXISTS sluice.refused_rows (
  pipeline   text        NOT NULL,
  query      text        NOT NULL,
  query_id   uuid        NOT NULL,
  batch_id   bigint      NOT NULL,
  number     integer     NOT NULL,
  what       text        NOT NULL,
  why        text        NOT NULL,
  refused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (pipeline, query, query_id, batch_id, number)
);
COMMENT ON TABLE sluice.refused_rows IS 'Rows that a sink refused however often they came, set aside so that the rest of their batch could go on; written with the batch''s row in sluice.ledger.';
COMMENT ON COLUMN sluice.refused_rows.what IS 'JSON: the row for a table, the source coordinates for a record that Kafka refused.';
COMMENT ON COLUMN sluice.refused_rows.why IS 'The words of the sink.';

CREATE TABLE IF NOT EXISTS sluice.fence (
  pipeline text        PRIMARY KEY,
  epoch    bigint      NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  taken_by text        NOT NULL
);
COMMENT ON TABLE sluice.fence IS 'Whoever takes a pipeline over raises its epoch; a batch of an older epoch is refused, however late it wakes up.';

CREATE TABLE IF NOT EXISTS sluice.pipelines (
  pipeline   text        PRIMARY KEY,
  version    integer     NOT NULL,
  topic      text        NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE sluice.pipelines ADD COLUMN IF NOT EXISTS topic_id uuid;
COMMENT ON COLUMN sluice.pipelines.topic_id IS 'Kafka''s id of the topic: a topic deleted and created again under its name has another one, and is refused.';
COMMENT ON TABLE sluice.pipelines IS 'The version of each pipeline whose checkpoints and rows are here; another version is refused until it is reset.';

-- Who may do what. The owner (whoever runs this script) makes and empties tables. The pipeline connects as sluice_writer, which adds and replaces rows
-- and makes staging tables, but deletes nothing and cannot change what the ledger says. Status, verification and dashboards connect as
-- sluice_reader. Both get their passwords where the server is set up. Who may not create roles goes on without them: then DATABASE_URL does for all.
DO $$
DECLARE
  missing text;
BEGIN
  FOREACH missing IN ARRAY ARRAY['sluice_writer', 'sluice_reader'] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = missing);
    BEGIN
      EXECUTE format('CREATE ROLE %I', missing);
    EXCEPTION
      -- Made by another session in this very moment.
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN RETURN;
    END;
  END LOOP;
  GRANT USAGE ON SCHEMA public, sluice TO sluice_writer, sluice_reader;
  GRANT CREATE ON SCHEMA sluice TO sluice_writer;
  GRANT SELECT, INSERT, UPDATE ON public.page_view_counts, public.active_users, public.user_sessions TO sluice_writer;
  GRANT SELECT, INSERT, UPDATE ON sluice.fence, sluice.pipelines TO sluice_writer;
  GRANT SELECT, INSERT ON sluice.ledger, sluice.batches, sluice.refused_rows TO sluice_writer;
  GRANT SELECT ON public.page_view_counts, public.active_users, public.user_sessions,
                  sluice.ledger, sluice.batches, sluice.refused_rows, sluice.fence, sluice.pipelines TO sluice_reader;
  -- Tables of pipelines to come.
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO sluice_writer;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO sluice_reader;
END
$$;
