// The health check inside a container: `probe.js <role>` asks the service of this very container something that only a working one answers, exits
// with 0 or says why not and exits with 1. Plain and quick: an engine calls it every few seconds.
import { environmentWith } from '../config/settings.js';
import { type Env, parseVariable } from '../config/variables.js';
import { probeSparkConnect } from '../stack/connect-probe.js';
import { RUN_AGE_MS_MAX, readRun } from './run-record.js';

const ANSWER_MS_MAX = 4_000;
const LOCAL = '127.0.0.1';

const PROBES: Readonly<Record<string, (env: Env) => Promise<void>>> = {
  'spark-master': async () => {
    const { status } = await page(8080);
    if (status !== 'ALIVE') throw new Error(`the master is ${String(status)}`);
  },
  'spark-worker': async () => {
    // A worker knows its master's page once the master has taken it in.
    const { masterwebuiurl } = await page(8081);
    if (typeof masterwebuiurl !== 'string' || masterwebuiurl === '') throw new Error('no master has registered it');
  },
  'spark-connect': (env) => probeSparkConnect(LOCAL, 15_002, env.SPARK_CONNECT_AUTHENTICATE_TOKEN ?? '', ANSWER_MS_MAX),
  pipeline: async (env) => {
    const run = readRun(parseVariable('SLUICE_STATE', env.SLUICE_STATE) ?? '');
    if (run === undefined) throw new Error('no pipeline runs here');
    const ageMs = Date.now() - Date.parse(run.updatedAt);
    if (run.phase !== 'running' || ageMs > RUN_AGE_MS_MAX)
      throw new Error(`it is ${run.phase} and was last heard of ${Math.round(ageMs / 1_000)} s ago`);
    const down = run.queries.filter(({ phase }) => phase !== 'running').map(({ query }) => query);
    if (down.length > 0) throw new Error(`not running: ${down.join(', ')}`);
  },
  dashboard: async () => {
    const { ok, status } = await fetch(`http://${LOCAL}:4050/healthz`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (!ok) throw new Error(`it answers with ${status}`);
  },
};

/** The JSON that Spark's own processes show of themselves. */
async function page(port: number): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`http://${LOCAL}:${port}/json/`, {
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  return (await response.json()) as Record<string, unknown>;
}

const role = process.argv[2] ?? '';
try {
  const probe = PROBES[role];
  if (probe === undefined) throw new Error(`no such role; there are ${Object.keys(PROBES).join(', ')}`);
  // Not all settings: a role of Spark is given some addresses only, which they would refuse.
  await probe(environmentWith({}));
} catch (error) {
  console.error(`${role || 'probe'}: ${(error as Error).message}`);
  process.exitCode = 1;
}
// Connections that linger are no reason to be called unhealthy.
process.exit();
