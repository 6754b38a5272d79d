// The simulated users of a web shop: what they do (visitors), what becomes of it on the way (disorder), and sending it to Kafka (publish).
import { disorder, type SimulatedMessage } from './disorder.js';
import { completeSimulation, type SimulationOptions } from './settings.js';

export type { MessageKind, SimulatedMessage } from './disorder.js';
export { MALFORMED_KINDS, type MalformedKind } from './malformed.js';
export { ProduceError, type ProduceErrorKind } from './produce-error.js';
export { type ProduceHooks, produce } from './publish.js';
export { DEFAULTS, type ProduceOptions, type SimulationOptions } from './settings.js';
export type { ProduceProgress, ProduceSummary } from './summary.js';
export type { EventType } from './visitors.js';

/**
 * The messages `produce` would send with these options, in its order, without a broker. They are made as they are asked for.
 * @throws ProduceError of kind `options`, before the first message.
 */
export function simulate(options: SimulationOptions): Generator<SimulatedMessage> {
  return disorder(completeSimulation(options, Date.now()));
}
