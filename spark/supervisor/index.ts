export { awaitCaughtUp } from './caught-up.js';
export type {
  QueryState,
  SupervisorEvent,
  SupervisorOptions,
  SupervisorOutcome,
} from './options.js';
export { StartError, type StartErrorKind } from './start-error.js';
export { supervise } from './supervise.js';
