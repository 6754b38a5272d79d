import assert from 'node:assert/strict';
import { mkdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chooseQueries, planReset } from '../../../cli/reset-plan.js';
import { SparkSession } from '../../../spark/connect/index.js';
import { assertMarkers } from '../../../spark/supervisor/start-checks/markers.js';
import { StartError, type StartErrorKind } from '../../../spark/supervisor/start-error.js';
import { Place, QUERY_NAMES } from './place.js';

let place: Place;
before(async () => {
  place = await Place.create();
});
after(async () => {
  await place.close();
});

/** What was found broken, how it is said, and the command that it is resolved by. */
const BROKEN: readonly (readonly [
  title: string,
  breakIt: () => Promise<unknown> | unknown,
  kind: StartErrorKind,
  found: RegExp,
  remedy: RegExp,
])[] = [
  [
    'a topic that was created again and has grown past the old end',
    async () => {
      await place.recreateTopic(place.settings.topics.activity);
      await place.send(place.settings.topics.activity, 9);
    },
    'topic',
    /was deleted and created again: it is [0-9a-f-]{36}, and what was read so far is [0-9a-f-]{36}/,
    /sluice reset --sinks/,
  ],
  [
    'a topic that ends before what was read',
    async () => {
      await place.recreateTopic(place.settings.topics.activity);
      await place.database.query('UPDATE sluice.pipelines SET topic_id = NULL');
    },
    'topic',
    /events has read partition 0 of .* up to offset 5, but the partition ends at 0/,
    /sluice reset --sinks/,
  ],
  [
    'records that retention took before they were read',
    async () => {
      const { activity } = place.settings.topics;
      await place.send(activity, 3);
      await place.deleteRecords(activity, 1, 7);
    },
    'topic',
    /goes on at offset 5 of partition 1 of .*, but the partition begins at 7: 2 offsets were deleted/,
    /sluice reset --sinks/,
  ],
  [
    'a checkpoint that was deleted',
    () => rmSync(place.checkpoint('active_users'), { recursive: true }),
    'checkpoint',
    /ledger has batches of active_users up to 1 from checkpoint [0-9a-f-]{36}, but its checkpoint is gone/,
    /sluice reset --checkpoint --query active_users/,
  ],
  [
    'a checkpoint of another life',
    () => place.write('events', 'metadata', '{"id":"00000000-0000-4000-8000-000000000000"}'),
    'checkpoint',
    /but the checkpoint is another one \(00000000-/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'a database restored from before the last batch',
    () => place.database.query(`DELETE FROM sluice.ledger WHERE query = 'page_view_counts' AND batch_id = 1`),
    'checkpoint',
    /checkpoint of page_view_counts has committed batch 1, the ledger ends with 0: the database was restored/,
    /sluice reset --checkpoint --query page_view_counts/,
  ],
  [
    'a ledger that was emptied',
    () => place.database.query('TRUNCATE sluice.ledger'),
    'checkpoint',
    /has committed batch 1, the ledger ends with nothing/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'a checkpoint restored from two batches ago',
    () => {
      for (const file of ['offsets/1', 'commits/1', 'commits/0']) rmSync(place.checkpoint('user_sessions', file));
    },
    'checkpoint',
    /ledger of user_sessions ends with batch 1, the checkpoint has committed nothing: the checkpoint was restored/,
    /sluice reset --checkpoint --query user_sessions/,
  ],
  [
    'a checkpoint restored from one batch ago, which would have the batch planned anew with more records and skipped',
    () => {
      for (const file of ['offsets/1', 'commits/1']) rmSync(place.checkpoint('user_sessions', file));
    },
    'checkpoint',
    /ledger has batch 1 of user_sessions, which the checkpoint has not planned yet/,
    /sluice reset --checkpoint --query user_sessions/,
  ],
  [
    'a batch that the ledger has with other offsets than the checkpoint',
    () => {
      place.plan('events', 1, 4);
      rmSync(place.checkpoint('events', 'commits/1'));
    },
    'checkpoint',
    /Batch 1 of events ends at .*"0":5.* in the ledger, and at .*"0":4.* in the checkpoint/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'an offset log cut short by a power loss',
    () => {
      place.plan('events', 2, 5);
      truncateSync(place.checkpoint('events', 'offsets/2'), 20);
    },
    'checkpoint',
    /offsets\/2 is damaged/,
    /`rm '.*offsets\/2' '.*offsets\/\.2\.crc'` has Spark plan it anew; otherwise: .*sluice reset --checkpoint --query events/,
  ],
  [
    'a checkpoint whose offset log lost its last file',
    () => rmSync(place.checkpoint('events', 'offsets/1')),
    'checkpoint',
    /has committed batch 1, but its offset log ends with 0: files are missing/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'a state store whose last version is gone',
    () => rmSync(place.checkpoint('user_sessions', 'state/0/1/2.changelog')),
    'state',
    /state of user_sessions cannot be read: batch 2 needs version 2 in .*state\/0\/1, and there is no file of it/,
    /sluice reset --checkpoint --query user_sessions/,
  ],
  [
    'a state store whose last version is empty',
    () => truncateSync(place.checkpoint('user_sessions', 'state/0/0/2.changelog')),
    'state',
    /state\/0\/0, and its file is empty/,
    /sluice reset --checkpoint --query user_sessions/,
  ],
  [
    'a state store that lacks a partition of those that its operator has',
    () =>
      place.write(
        'user_sessions',
        'state/0/_metadata/metadata',
        'v1\n{"operatorInfo":{"operatorId":0,"operatorName":"x"},"stateStoreInfo":[{"storeName":"default","numColsPrefixKey":0,"numPartitions":3}]}',
      ),
    'state',
    /state\/0\/2, and there is no file of it/,
    /sluice reset --checkpoint --query user_sessions/,
  ],
  [
    'rows of a batch that the ledger does not list',
    () => place.database.query('UPDATE page_view_counts SET batch_id = 2'),
    'sinks',
    /Table page_view_counts has rows of batches up to 2, but the ledger of page_view_counts ends with 1/,
    /sluice reset --checkpoint --query page_view_counts/,
  ],
  [
    'a lake that is ahead of ledger and checkpoint',
    () => mkdirSync(join(place.settings.lakePath, 'event_date=2026-01-02', 'batch_id=2'), { recursive: true }),
    'sinks',
    /lake .* has batches up to 2, but the ledger of events ends with 1/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'a lake whose compaction was broken off between two renames',
    () => {
      const scratch = join(place.settings.lakePath, '.spark-staging-sluice', '.compaction-1');
      mkdirSync(join(scratch, 'was-event_date=2026-01-02', 'batch_id=1'), { recursive: true });
    },
    'sinks',
    /was broken off when it had put event_date=2026-01-02 aside/,
    /sluice lake compact/,
  ],
  [
    'an enriched topic that was created again',
    () => place.recreateTopic(place.settings.topics.enriched),
    'sinks',
    /has written 4 records to .*_enriched, but the topic has never held any/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'checkpoints and ledger gone, and yet records in the enriched topic',
    async () => {
      rmSync(place.settings.checkpointPath, { recursive: true });
      rmSync(place.settings.lakePath, { recursive: true });
      await place.database.query('TRUNCATE page_view_counts, sluice.ledger');
    },
    'sinks',
    /_enriched holds records, but no batch of events is in the ledger or planned/,
    /sluice reset --checkpoint --query events/,
  ],
  [
    'another topic than the one read so far',
    () => place.database.query(`UPDATE sluice.pipelines SET topic = 'another'`),
    'topic',
    /has read topic another so far; now it is told to read .*_activity/,
    /Set TOPIC_ACTIVITY back, or run `sluice reset --sinks`/,
  ],
  [
    'another version of the pipeline',
    () => place.database.query('UPDATE sluice.pipelines SET version = 7'),
    'version',
    /are those of user-activity version 7; this is version \d+/,
    /Run the other version, or `sluice reset --sinks`/,
  ],
  [
    'a table without its key',
    () => place.database.query('ALTER TABLE active_users DROP CONSTRAINT active_users_pkey'),
    'table',
    /Table active_users has no unique key on \(window_start\)/,
    /init-db\.sql/,
  ],
];

describe('a start', () => {
  it('is allowed on empty services, and notes the topic that it saw', async () => {
    await place.start();
    const { rows } = await place.database.query('SELECT topic, topic_id FROM sluice.pipelines');
    assert.equal(rows[0]?.topic, place.settings.topics.activity);
    assert.match(rows[0]?.topic_id, /^[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('is allowed on a topic that was created again before anything was read from it', async () => {
    await place.recreateTopic(place.settings.topics.activity);
    await place.start();
  });

  it('is allowed where everything belongs together', async () => {
    await place.settle();
    await place.start();
  });

  it('is allowed with a batch that was planned and not written, and with one that was written and not finished', async () => {
    await place.settle();
    await place.send(place.settings.topics.activity, 1);
    place.plan('active_users', 2, 6);
    place.plan('user_sessions', 2, 6);
    await place.enterLedger('user_sessions', 2, 6);
    mkdirSync(join(place.settings.lakePath, 'event_date=2026-01-02', 'batch_id=2'), { recursive: true });
    place.plan('events', 2, 6);
    await place.start();
  });

  it('is allowed while queries of a killed supervisor still run: what moves is looked at again', async () => {
    await place.settle();
    await place.send(place.settings.topics.activity, 200);
    let isOver = false;
    const running = (async () => {
      for (let batch = 2; !isOver; batch++) {
        for (const query of QUERY_NAMES) {
          place.plan(query, batch, 5 + batch);
          await place.enterLedger(query, batch, 5 + batch, 4 + batch);
          if (query === 'user_sessions')
            for (const partition of [0, 1]) place.write(query, `state/0/${partition}/${batch + 1}.changelog`, 'change');
          place.commit(query, batch);
        }
        await place.database.query('UPDATE page_view_counts SET batch_id = $1', [batch]);
        if (batch > 190) return;
      }
    })();
    try {
      for (let start = 0; start < 10; start++) await place.start();
    } finally {
      isOver = true;
      await running;
    }
  });

  for (const [title, breakIt, kind, found, remedy] of BROKEN) {
    it(`is refused for ${title}`, async () => {
      await place.settle();
      await breakIt();
      const before = await snapshot();
      await assert.rejects(place.start(), (error: unknown) => {
        assert.ok(error instanceof StartError, String(error));
        assert.equal(error.kind, kind, error.message);
        assert.match(error.message, found);
        assert.match(error.remedy, remedy);
        return true;
      });
      assert.deepEqual(await snapshot(), before, 'a refused start changes nothing');
      if (kind === 'table') await place.database.query('ALTER TABLE active_users ADD PRIMARY KEY (window_start)');
    });
  }
});

describe('a start, when Spark is there', () => {
  let spark: SparkSession;
  before(async () => {
    spark = await SparkSession.connect(place.endpoints.sparkRemote);
  });
  after(() => spark.close());

  const start = (): Promise<void> =>
    assertMarkers(spark, { pipeline: place.pipeline, endpoints: place.endpoints, topics: place.settings.topics });

  it('is allowed with markers up to the batch that is under way, and with those of an earlier checkpoint', async () => {
    await place.settle();
    await start();
    await place.mark(1);
    await start();
    await place.mark(7, '00000000-0000-4000-8000-000000000000');
    await start();
    place.plan('events', 2, 5);
    await place.mark(2);
    await start();
  });

  it('is refused when Kafka has batches that neither ledger nor checkpoint know', async () => {
    await place.settle();
    await place.mark(3);
    await assert.rejects(start(), (error: unknown) => {
      assert.ok(error instanceof StartError, String(error));
      assert.equal(error.kind, 'sinks');
      assert.match(error.message, /output of events up to batch 3, but the ledger ends with 1 and no batch after 1/);
      assert.match(error.remedy, /sluice reset --checkpoint --query events/);
      return true;
    });
  });
});

describe('a reset', () => {
  it('of one query makes its refused start possible and leaves the others where they are', async () => {
    await place.settle();
    rmSync(place.checkpoint('page_view_counts'), { recursive: true });
    await assert.rejects(place.start(), StartError);
    await reset(['page_view_counts'], false);
    await place.start();
    const { rows } = await place.database.query<{ query: string }>(
      'SELECT DISTINCT query FROM sluice.ledger ORDER BY 1',
    );
    assert.deepEqual(
      rows.map(({ query }) => query),
      ['active_users', 'events', 'user_sessions'],
    );
    assert.equal((await place.database.query('SELECT 1 FROM page_view_counts')).rowCount, 0);
    const enriched = await place.admin.fetchTopicOffsets(place.settings.topics.enriched);
    assert.ok(enriched.every(({ high }) => high === '5'));
  });

  it('of all queries empties every sink, forgets topic and version, and raises the epoch', async () => {
    await place.settle();
    await place.database.query('UPDATE sluice.pipelines SET version = 7');
    await place.recreateTopic(place.settings.topics.activity);
    const epochs = [await epoch()];
    await reset([], false);
    epochs.push(await epoch());
    assert.equal(epochs[1], (epochs[0] ?? 0) + 1);
    await place.start();
    const enriched = await place.admin.fetchTopicOffsets(place.settings.topics.enriched);
    assert.ok(enriched.every(({ high }) => high === '0'));
  });

  it('says what cannot be computed again, because the topic no longer has it', async () => {
    await place.settle();
    const { activity } = place.settings.topics;
    await place.deleteRecords(activity, 0, 4);
    const { warnings } = await plan([], false);
    assert.match(warnings.join(), /_activity no longer has its first 4 offsets \(retention\)/);
    assert.deepEqual((await plan([], true)).warnings, []);
  });
});

const plan = (names: readonly string[], withSource: boolean) =>
  planReset(place.settings, place.endpoints, place.pipeline, {
    queries: chooseQueries(place.pipeline, names),
    withSource,
  });

async function reset(names: readonly string[], withSource: boolean): Promise<void> {
  for (const { run } of (await plan(names, withSource)).steps) await run();
}

async function epoch(): Promise<number> {
  const { rows } = await place.database.query('SELECT epoch FROM sluice.fence');
  return Number(rows[0]?.epoch ?? 0);
}

async function snapshot(): Promise<unknown> {
  const tables = ['sluice.pipelines', 'sluice.ledger', 'sluice.fence', 'page_view_counts'];
  const rows: unknown[] = [];
  for (const table of tables) rows.push((await place.database.query(`SELECT * FROM ${table}`)).rows);
  return rows;
}
