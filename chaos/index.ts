/** Sabotage of a whole running system, and the proof that nothing came of it: what the `chaos` command imports. */
export { describeFault, FAULT_NAMES, type FaultName, isFaultName } from './fault.js';
export { type ChaosReport, failureShareMax, type KindSummary, type StruckFault } from './report.js';
export { type ChaosEvent, type ChaosOptions, runChaos } from './run.js';
export { drawSchedule, type ScheduledFault } from './schedule.js';
