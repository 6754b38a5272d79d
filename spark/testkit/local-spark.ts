/** The Spark that tests run on: the one that SPARK_REMOTE names or that `sluice up` has started here; without either, one of this process. */
import { endpointsOf } from '../../config/endpoints.js';
import { readSettings, readSparkPlace } from '../../config/settings.js';
import { startStack, stopStack } from '../../stack/index.js';

export interface SparkPlace {
  readonly remote: string;
  readonly token: string | undefined;
}

interface OpenPlace extends SparkPlace {
  close(): Promise<void>;
}

let opened: Promise<OpenPlace> | undefined;

/** Found or started once per process. @throws StackError when it does not start. */
export function localSpark(): Promise<SparkPlace> {
  opened ??= openSpark();
  return opened;
}

/**
 * Stops what the test kit has started; nothing if it has started nothing. Safe to call twice.
 * @example
 * ```ts
 * import { after } from 'node:test';
 * after(closeTestKit);
 * ```
 */
export async function closeTestKit(): Promise<void> {
  const place = opened;
  opened = undefined;
  await (await place)?.close();
}

async function openSpark(): Promise<OpenPlace> {
  // Spark may be there without the other services.
  const place = readSparkPlace();
  if (place !== undefined) return { remote: place.sparkRemote, token: place.sparkToken, close: async () => undefined };
  const settings = readSettings();
  const stack = await startStack(settings.stack, () => undefined, { isOwned: true });
  const endpoints = endpointsOf(settings, stack);
  return {
    remote: endpoints.sparkRemote,
    token: endpoints.sparkToken,
    close: async () => {
      if (!stack.isReused) await stopStack(settings.stateDir, () => undefined);
    },
  };
}
