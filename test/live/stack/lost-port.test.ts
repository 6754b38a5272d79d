// Another program takes a port after it was chosen and before the service listens on it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../../../config/settings.js';
import { startStack, stopStack } from '../../../stack/index.js';
import { LOOPBACK } from '../../../stack/ports.js';
import { logFileOf, makeStateDir, readRecord } from '../../../stack/state.js';
import { ANY_PORTS } from './any-ports.js';

for (const [fate, isGivenBack] of [
  ['kept', false],
  ['given back at once', true],
] as const) {
  test(`a port that is lost between choice and use, and ${fate}, is given up for another`, async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sluice-lost-port-'));
    const settings = readSettings({ SLUICE_STATE: stateDir, ...ANY_PORTS }, stateDir);
    makeStateDir(stateDir);
    const thief = createServer();
    let stolen: number | undefined;
    // The plan is on record before anything is started, and Spark listens seconds later.
    const watching = watch(stateDir, () => {
      const port = stolen === undefined ? readRecord(stateDir)?.plan.ports.sparkUi : undefined;
      if (port === undefined) return;
      stolen = port;
      thief.listen(port, LOOPBACK);
    });
    const complaint = watch(join(stateDir, 'logs'), () => {
      const log = logFileOf(stateDir, 'spark');
      if (isGivenBack && thief.listening && existsSync(log) && readFileSync(log, 'utf8').includes('BindException'))
        thief.close();
    });
    const lines: string[] = [];
    try {
      const stack = await startStack(settings.stack, (line) => lines.push(line));
      assert.notEqual(stolen, undefined);
      assert.notEqual(stack.spark.uiUrl, `http://${LOOPBACK}:${stolen}`);
      assert.match(lines.join('\n'), /another program has taken a port meanwhile/);
    } finally {
      watching.close();
      complaint.close();
      await stopStack(stateDir);
      if (thief.listening) await new Promise((resolve) => thief.close(resolve));
      await rm(stateDir, { recursive: true, force: true });
    }
  });
}
