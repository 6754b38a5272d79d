// The oracle's options from the settings, and its progress in words; for `verify` and `demo`.
import type { Settings } from '../config/settings.js';
import type { VerifyOptions, VerifyProgress } from '../verify/index.js';
import { formatCount } from './ui/numbers.js';
import type { Talk } from './ui/talk.js';

/** The oracle must know what the pipeline ran with. */
export function verifyOptionsOf(settings: Settings): Pick<VerifyOptions, 'settings'> {
  const { watermarkDelayMs, sessionTimeoutMs, futureToleranceMs } = settings.pipeline;
  const { activity, enriched, deadLetter } = settings.topics;
  return {
    settings: { topics: { activity, enriched, deadLetter }, watermarkDelayMs, sessionTimeoutMs, futureToleranceMs },
  };
}

export function sayVerifyProgress(talk: Talk, { step, records, recordsAll }: VerifyProgress): void {
  if (step !== 'topic') talk.progress(`verifying: ${step === 'tables' ? 'reading the ledger and the tables' : step}`);
  else if (recordsAll) talk.bar(records ?? 0, recordsAll, `of ${formatCount(recordsAll)} records read from the topic`);
}
