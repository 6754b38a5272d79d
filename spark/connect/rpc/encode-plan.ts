import type { Plan } from '../../../proto/messages.js';
import { encodeCommand } from '../wire/encode-command.js';
import { encodeRelation } from '../wire/encode-relation.js';
import type { RootPlan } from './connection.js';

/** The envelope in which every request carries its plan. */
export function encodePlan(plan: RootPlan): Plan {
  return plan.kind === 'relation' ? { root: encodeRelation(plan.relation) } : { command: encodeCommand(plan.command) };
}
