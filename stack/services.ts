/** The three services side by side: how each is started and where it listens. */
import { startKafka } from './kafka.js';
import { LOOPBACK } from './ports.js';
import { startPostgres } from './postgres.js';
import type { ProcessIdentity } from './process.js';
import type { StartContext } from './service.js';
import { startSpark } from './spark.js';
import { SERVICE_LABELS, type Service, type StackPorts } from './state.js';

/** Starts a service that does not run and resolves when it answers. */
export const STARTERS: Readonly<Record<Service, (context: StartContext) => Promise<ProcessIdentity>>> = {
  kafka: startKafka,
  postgres: startPostgres,
  spark: startSpark,
};

/** Every port of a service, the one that clients use first. */
export function portsOf(ports: StackPorts, service: Service): readonly number[] {
  switch (service) {
    case 'kafka':
      return [ports.kafka, ports.kafkaController];
    case 'postgres':
      return [ports.postgres];
    case 'spark':
      return [ports.sparkConnect, ports.sparkUi];
  }
}

/** One line: what runs where, and how long it took since `begin` (of `performance.now()`). */
export function readyLine(ports: StackPorts, service: Service, begin: number): string {
  const address = `${LOOPBACK}:${portsOf(ports, service)[0]}`;
  return `${SERVICE_LABELS[service].padEnd(9)} ${address.padEnd(16)} ${((performance.now() - begin) / 1000).toFixed(1)} s`;
}
