// Where everything is, for people; `sluice env` says the same to programs.
import type { Endpoints } from '../../config/endpoints.js';
import { withoutPassword } from '../services.js';
import type { Style } from './style.js';

export function serviceLines(endpoints: Endpoints, stateDir: string, style: Style): string[] {
  const rows: [string, string][] = [
    ['Kafka', endpoints.bootstrapServers],
    ['Postgres', withoutPassword(endpoints.databaseUrl)],
    ['Spark', withoutPassword(endpoints.sparkRemote)],
    ['Spark UI', endpoints.sparkUiUrl ?? '-'],
    ['lake', endpoints.lakePath],
    ['state', stateDir],
  ];
  return rows.map(([label, value]) => `${style.dim(label.padEnd(10))}${value}`);
}
