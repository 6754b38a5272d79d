export { awaitCaughtUp } from './caught-up.js';
export type {
  QueryState,
  SupervisorEvent,
  SupervisorOptions,
  SupervisorOutcome,
} from './options.js';
export { askSupervisor, openRequests, type QueryAction, type QueryAnswer } from './query-requests.js';
export { StartError, type StartErrorKind } from './start-error.js';
export { supervise } from './supervise.js';
