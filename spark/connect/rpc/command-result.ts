// Runs a command whose answer is one message.
import type { ExecutePlanResponseOutput } from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';
import type { Command } from '../plan/command.js';
import type { Connection, ExecuteOptions } from './connection.js';

/** The names of the answers, as in ExecutePlanResponse.response_type. */
export type ResultName = NonNullable<ExecutePlanResponseOutput['responseType']>;

/**
 * Runs `command` to its end and answers the message called `name`.
 * @throws SparkError of kind `protocol` if the server answers without it.
 */
export async function commandResult<Name extends ResultName>(
  connection: Connection,
  command: Command,
  name: Name,
  options: ExecuteOptions = {},
): Promise<NonNullable<ExecutePlanResponseOutput[Name]>> {
  let result: ExecutePlanResponseOutput[Name] | undefined;
  for await (const event of connection.execute({ kind: 'command', command }, options)) {
    if (event.kind === 'response' && event.response.responseType === name) result = event.response[name];
  }
  if (result === undefined || result === null) {
    throw new SparkError(`The server answered the command "${command.kind}" without ${name}.`, { kind: 'protocol' });
  }
  return result;
}

/** Runs a command for its effect. */
export async function runCommand(
  connection: Connection,
  command: Command,
  options: ExecuteOptions = {},
): Promise<void> {
  for await (const _event of connection.execute({ kind: 'command', command }, options)) {
    // Progress and metrics of a command interest nobody here.
  }
}
