// The compaction's word with Postgres: one compaction of a pipeline at a time, which batches are final, and the moment in which no batch is
// published. The fence's row is that moment: writers hold it FOR SHARE while they move a batch into the lake, so FOR UPDATE waits for them.
import pg from 'pg';
import { CommandError, EXIT } from '../../exit-codes.js';

const ANSWER_MS_MAX = 10_000;
/** A batch's transaction holds the fence for as long as its rows take; a paused one loses it after half a minute. */
const LOCK_MS_MAX = 60_000;

/** The batches of a query that no replay can bring back, and the turn in which that was looked up. */
export interface FinalBatches {
  /** The checkpoint that has written them. */
  readonly queryId: string;
  readonly batchIds: ReadonlySet<bigint>;
  readonly epoch: string;
}

export class CompactionTurn implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #pipeline: string;

  private constructor(client: pg.Client, pipeline: string) {
    this.#client = client;
    this.#pipeline = pipeline;
  }

  /** @throws CommandError when another compaction of the pipeline is at work, or the database does not answer. */
  static async take(databaseUrl: string, pipeline: string): Promise<CompactionTurn> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: ANSWER_MS_MAX,
      application_name: 'sluice lake compact',
    });
    client.on('error', () => undefined);
    const turn = new CompactionTurn(client, pipeline);
    try {
      await client.connect();
      // Ends with the session, so that a compaction that was killed is in nobody's way.
      const { rows } = await client.query<{ taken: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended('sluice lake compact ' || $1, 0)) AS taken`,
        [pipeline],
      );
      if (rows[0]?.taken !== true)
        throw new CommandError(EXIT.failed, `Another compaction of ${pipeline} is at work; wait for its end.`);
      return turn;
    } catch (error) {
      await turn[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A goodbye that fails tells nothing more than what failed before it.
    await this.#client.end().catch(() => undefined);
  }

  /**
   * What the ledger lists up to the last batch that Spark has committed: a batch after that is run again after a crash.
   * @param lastCommit undefined when the checkpoint is on a file system that only the cluster reaches; then the ledger's last batch counts as open.
   * @param queryId of the checkpoint; undefined when it cannot be read. @returns undefined when the ledger lists nothing of the query
   */
  async finalBatches(
    query: string,
    queryId: string | undefined,
    lastCommit: bigint | undefined,
  ): Promise<FinalBatches | undefined> {
    const { rows } = await this.#client.query<{ query_id: string; batch_id: string; epoch: string }>(
      `SELECT l.query_id, l.batch_id, f.epoch FROM sluice.ledger l JOIN sluice.fence f USING (pipeline)
       WHERE l.pipeline = $1 AND l.query = $2 ORDER BY l.batch_id`,
      [this.#pipeline, query],
    );
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const other = rows.find((row) => row.query_id !== (queryId ?? last.query_id));
    if (other !== undefined)
      throw new CommandError(
        EXIT.failed,
        `The ledger of ${query} has batches of checkpoint ${other.query_id}, and there is another one: \`sluice run\` says what does not fit, and how to resolve it.`,
      );
    const end = lastCommit ?? BigInt(last.batch_id) - 1n;
    const batchIds = rows.map((row) => BigInt(row.batch_id)).filter((id) => id <= end);
    return { queryId: last.query_id, batchIds: new Set(batchIds), epoch: last.epoch };
  }

  /**
   * Does `work`, which must be short, while no writer publishes and nobody takes the pipeline over.
   * @throws CommandError when somebody has since `epoch`: a reset may be deleting what is here.
   */
  async alone(epoch: string, work: () => Promise<void>): Promise<void> {
    const client = this.#client;
    await client.query('BEGIN');
    try {
      await client.query(`SET LOCAL lock_timeout = '${LOCK_MS_MAX}ms'`);
      const { rows } = await client.query<{ epoch: string; taken_by: string }>(
        'SELECT epoch, taken_by FROM sluice.fence WHERE pipeline = $1 FOR UPDATE',
        [this.#pipeline],
      );
      const fence = rows[0];
      if (fence?.epoch !== epoch)
        throw new CommandError(
          EXIT.failed,
          `The pipeline was taken over meanwhile (${fence === undefined ? 'its fence is gone' : fence.taken_by}); what is compacted so far is good. Run \`sluice lake compact\` again for the rest.`,
        );
      await work();
    } finally {
      // Nothing was written; after a lost connection there is nothing to end.
      await client.query('ROLLBACK').catch(() => undefined);
    }
  }
}
