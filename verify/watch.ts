/**
 * The rounds of the user-activity pipeline. Of the activity topic only what is new is read in each; tables, lake and output topics are read whole,
 * since a wrong row can appear anywhere.
 */
import type { Endpoints } from '../config/endpoints.js';
import { ActivityTopic } from './activity-topic.js';
import type { VerifyReport } from './report.js';
import { type RoundOptions, type WatchRound, watchRounds } from './rounds.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { type VerifyOptions, verifyRound } from './verify.js';

export interface WatchOptions extends VerifyOptions, RoundOptions {}

/** As `watchRounds` says. @throws VerifyError when the services cannot be read in the first round */
export function watch(
  endpoints: Endpoints,
  options: WatchOptions = {},
): AsyncGenerator<WatchRound<VerifyReport>, void> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  let activity = new ActivityTopic(settings);
  const look = async (): Promise<{ report: VerifyReport; records: number }> => {
    const report = await verifyRound(endpoints, settings, activity, options, true);
    return { report, records: report.topic.records };
  };
  return watchRounds(look, options, () => {
    // What was half read is read again as a whole.
    activity = new ActivityTopic(settings);
  });
}
