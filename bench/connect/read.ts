// Reads a result in one way and says what it cost. The query and what is printed are those of read.py.
//   node read.js <remote> <collect|rows|toArrow|batches> <query>
import { SparkSession } from '../../spark/connect/index.js';

const [remote = '', way = '', query = ''] = process.argv.slice(2);
const spark = await SparkSession.connect(remote);
const frame = spark.sql<{ id: bigint }>(query);
// Once before: what is compiled, here and there, is compiled; the session is open.
await frame.limit(10).collect();

const WAYS: Readonly<Record<string, () => Promise<{ rows: number; last: bigint | undefined }>>> = {
  async collect() {
    const rows = await frame.collect();
    return { rows: rows.length, last: rows.at(-1)?.id };
  },
  async rows() {
    let rows = 0;
    let last: bigint | undefined;
    for await (const batch of frame.rowBatches()) {
      rows += batch.length;
      last = batch.at(-1)?.id;
    }
    return { rows, last };
  },
  async toArrow() {
    const table = await frame.toArrow();
    return { rows: table.numRows, last: table.getChild('id')?.get(table.numRows - 1) as bigint };
  },
  async batches() {
    let rows = 0;
    let last: bigint | undefined;
    for await (const batch of frame.batches()) {
      rows += batch.numRows;
      last = batch.getChild('id')?.get(batch.numRows - 1) as bigint;
    }
    return { rows, last };
  },
};

const read = WAYS[way];
if (read === undefined) throw new Error(`${way} is no way to read; ${Object.keys(WAYS).join(', ')} are`);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const { rows, last } = await read();
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
const maxRssMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ rows, last: String(last), wallMs, cpuMs: (user + system) / 1000, maxRssMiB }));
await spark.release();
