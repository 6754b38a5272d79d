// Config: reads and writes of the session's SQL configuration.
import type { ConfigRequestOperation, ConfigResponseOutput } from '../../../proto/messages.js';
import type { ConfigOperation, ConfigResult } from './connection.js';

export function encodeConfig(operation: ConfigOperation): ConfigRequestOperation {
  switch (operation.kind) {
    case 'get':
      return { get: { keys: operation.keys } };
    case 'getOption':
      return { getOption: { keys: operation.keys } };
    case 'getWithDefault':
      return { getWithDefault: { pairs: pairs(operation.defaults) } };
    case 'getAll':
      return { getAll: { prefix: operation.prefix } };
    case 'set':
      return { set: { pairs: pairs(operation.values) } };
    case 'unset':
      return { unset: { keys: operation.keys } };
    case 'isModifiable':
      return { isModifiable: { keys: operation.keys } };
  }
}

export function decodeConfig(response: ConfigResponseOutput): ConfigResult {
  return {
    values: new Map(response.pairs.map(({ key, value }) => [key, value])),
    warnings: response.warnings,
  };
}

function pairs(values: ReadonlyMap<string, string>): { key: string; value: string }[] {
  return Array.from(values, ([key, value]) => ({ key, value }));
}
