// Joins of all kinds, to the protocol's messages; the frames on both sides come encoded.
import type * as proto from '../../../proto/messages.js';
import type { Expression } from '../plan/expression.js';
import type { JoinNode, JoinType } from '../plan/relation.js';
import { encodeExpression } from './encode-expression.js';

export function encodeJoin(join: JoinNode, left: proto.Relation, right: proto.Relation): proto.Relation {
  switch (join.kind) {
    case 'join':
      return {
        join: {
          left,
          right,
          joinType: JOIN_TYPES[join.type],
          joinCondition: optional(join.condition),
          usingColumns: join.using,
        },
      };
    case 'lateralJoin':
      return {
        lateralJoin: { left, right, joinType: JOIN_TYPES[join.type], joinCondition: optional(join.condition) },
      };
    case 'asOfJoin':
      return {
        asOfJoin: {
          left,
          right,
          leftAsOf: encodeExpression(join.leftAsOf),
          rightAsOf: encodeExpression(join.rightAsOf),
          joinExpr: optional(join.condition),
          usingColumns: join.using,
          joinType: join.how,
          tolerance: optional(join.tolerance),
          allowExactMatches: join.allowExactMatches,
          direction: join.direction,
        },
      };
    case 'nearestByJoin':
      return {
        nearestByJoin: {
          left,
          right,
          rankingExpression: encodeExpression(join.ranking),
          numResults: join.results,
          joinType: join.how,
          mode: join.mode,
          direction: join.direction,
        },
      };
  }
}

function optional(expression: Expression | undefined): proto.Expression | undefined {
  return expression === undefined ? undefined : encodeExpression(expression);
}

const JOIN_TYPES: Readonly<Record<JoinType, proto.JoinJoinType>> = {
  inner: 'JOIN_TYPE_INNER',
  fullOuter: 'JOIN_TYPE_FULL_OUTER',
  leftOuter: 'JOIN_TYPE_LEFT_OUTER',
  rightOuter: 'JOIN_TYPE_RIGHT_OUTER',
  leftAnti: 'JOIN_TYPE_LEFT_ANTI',
  leftSemi: 'JOIN_TYPE_LEFT_SEMI',
  cross: 'JOIN_TYPE_CROSS',
};
