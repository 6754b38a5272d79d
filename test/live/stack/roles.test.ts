/** What the two roles of init-db.sql may do, and what they may not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { DatabaseRole } from '../../../config/names.js';

const clients: Record<DatabaseRole, pg.Client> = {
  writer: new pg.Client({ connectionString: process.env.SLUICE_TEST_WRITER_URL }),
  reader: new pg.Client({ connectionString: process.env.SLUICE_TEST_READER_URL }),
};

before(async () => {
  await Promise.all([clients.writer.connect(), clients.reader.connect()]);
});
after(async () => {
  await Promise.all([clients.writer.end(), clients.reader.end()]);
});

const LEDGER_ROW = `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows)
  VALUES ('roles', 'q', gen_random_uuid(), 0, 1, '{}', 0)`;

const ALLOWED: readonly (readonly [DatabaseRole, string])[] = [
  ['writer', LEDGER_ROW],
  ['writer', `SELECT 1 FROM sluice.fence WHERE pipeline = 'roles' FOR SHARE`],
  ['writer', `INSERT INTO sluice.fence VALUES ('roles', 1, now(), 'x') ON CONFLICT (pipeline) DO UPDATE SET epoch = 2`],
  ['writer', `CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT page_url FROM page_view_counts WITH NO DATA`],
  ['writer', 'CREATE UNLOGGED TABLE sluice.stage_roles AS SELECT page_url FROM page_view_counts WITH NO DATA'],
  [
    'writer',
    `INSERT INTO active_users (window_start, window_end, active_user_count, batch_id)
     VALUES ('2001-01-01', '2001-01-01 00:05', 1, 0) ON CONFLICT (window_start) DO UPDATE SET active_user_count = 2`,
  ],
  ['reader', 'SELECT 1 FROM page_view_counts, active_users, user_sessions'],
  ['reader', 'SELECT 1 FROM sluice.ledger, sluice.batches, sluice.fence, sluice.pipelines'],
];

const REFUSED: readonly (readonly [DatabaseRole, string])[] = [
  ['writer', `UPDATE sluice.ledger SET rows = 0`],
  ['writer', 'DELETE FROM sluice.ledger'],
  ['writer', 'TRUNCATE sluice.ledger'],
  ['writer', 'DELETE FROM user_sessions'],
  ['writer', 'TRUNCATE page_view_counts'],
  ['writer', 'DELETE FROM sluice.fence'],
  ['writer', 'DROP TABLE active_users'],
  ['writer', 'ALTER TABLE active_users ADD COLUMN x int'],
  ['writer', 'CREATE TABLE public.mine (x int)'],
  ['writer', 'CREATE ROLE another'],
  ['writer', `COPY (SELECT 1) TO PROGRAM 'true'`],
  ['reader', LEDGER_ROW],
  ['reader', 'UPDATE page_view_counts SET view_count = 1'],
  ['reader', 'CREATE TABLE sluice.mine (x int)'],
  ['reader', 'SELECT 1 FROM sluice.fence FOR SHARE'],
  ['reader', `SELECT pg_read_file('/etc/hostname')`],
];

for (const [role, sql] of ALLOWED) test(`the ${role} may: ${shown(sql)}`, () => attempt(role, sql));

for (const [role, sql] of REFUSED) {
  test(`the ${role} may not: ${shown(sql)}`, async () => {
    // 42501: insufficient privilege, also for what only the owner of a table may do.
    await assert.rejects(attempt(role, sql), { code: '42501' });
  });
}

/** Undone in any case. */
async function attempt(role: DatabaseRole, sql: string): Promise<void> {
  const client = clients[role];
  await client.query('BEGIN');
  try {
    await client.query(sql);
  } finally {
    await client.query('ROLLBACK');
  }
}

function shown(sql: string): string {
  return sql.replace(/\s+/g, ' ').slice(0, 70);
}
