// Runs in a Node process beside the Spark driver: it sees its parameters and its imports, nothing of the program that started the query.
import { appendFile } from 'node:fs/promises';
import type { BatchHandler } from 'sluice/worker';

export const noteRows: BatchHandler<{ file: string }> = async (batch, { batchId, params }) => {
  const rows = await batch.collect();
  const values = rows.map(({ value }) => Number(value)).sort((a, b) => a - b);
  await appendFile(params.file, `batch ${batchId}: ${values.join(' ')}\n`);
};
