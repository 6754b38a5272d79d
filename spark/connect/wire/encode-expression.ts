// From the expression tree to the protocol's. int64 travels as text, as proto/message-codec.ts has it.
import type * as proto from '../../../proto/messages.js';
import type { Expression, FrameBoundary, SortOrder, WindowFrame } from '../plan/expression.js';
import { FedBy, type InlineFunction } from '../plan/inline-function.js';
import type { Literal } from '../plan/literal.js';
import type { DataType } from '../types/data-type.js';
import { encodeDataType } from './encode-type.js';

export function encodeExpression(expression: Expression): proto.Expression {
  switch (expression.kind) {
    case 'literal':
      return { literal: encodeLiteral(expression.literal) };
    case 'attribute':
      return {
        unresolvedAttribute: {
          unparsedIdentifier: expression.name,
          planId: expression.planId,
          isMetadataColumn: expression.isMetadata,
        },
      };
    case 'star':
      return { unresolvedStar: { unparsedTarget: expression.target, planId: expression.planId } };
    case 'regex':
      return { unresolvedRegex: { colName: expression.pattern, planId: expression.planId } };
    case 'function':
      return {
        unresolvedFunction: {
          functionName: expression.name,
          arguments: expression.arguments.map(encodeExpression),
          isDistinct: expression.isDistinct ?? false,
        },
      };
    case 'call':
      return { callFunction: { functionName: expression.name, arguments: expression.arguments.map(encodeExpression) } };
    case 'inlineFunction':
      return {
        commonInlineUserDefinedFunction: encodeInlineFunction(
          expression.function,
          FedBy.columns,
          expression.returns,
          expression.arguments,
        ),
      };
    case 'namedArgument':
      return { namedArgumentExpression: { key: expression.name, value: encodeExpression(expression.value) } };
    case 'sql':
      return { expressionString: { expression: expression.text } };
    case 'alias':
      return {
        alias: { expr: encodeExpression(expression.child), name: expression.names, metadata: expression.metadata },
      };
    case 'cast':
      return {
        cast: {
          expr: encodeExpression(expression.child),
          evalMode: CAST_MODES[expression.mode],
          ...(typeof expression.to === 'string' ? { typeStr: expression.to } : { type: encodeDataType(expression.to) }),
        },
      };
    case 'sortOrder':
      return { sortOrder: encodeSortOrder(expression) };
    case 'lambda':
      return {
        lambdaFunction: {
          function: encodeExpression(expression.body),
          arguments: expression.parameters.map((name) => ({ nameParts: [name] })),
        },
      };
    case 'lambdaVariable':
      return { unresolvedNamedLambdaVariable: { nameParts: [expression.name] } };
    case 'window':
      return {
        window: {
          windowFunction: encodeExpression(expression.function),
          partitionSpec: expression.partitionBy.map(encodeExpression),
          orderSpec: expression.orderBy.map(encodeSortOrder),
          frameSpec: expression.frame === undefined ? undefined : encodeFrame(expression.frame),
        },
      };
    case 'subquery':
      return {
        subqueryExpression: {
          planId: String(expression.query.planId),
          subqueryType: SUBQUERY_TYPES[expression.type],
          inSubqueryValues: expression.values.map(encodeExpression),
        },
      };
    case 'directShufflePartitionId':
      return { directShufflePartitionId: { child: encodeExpression(expression.child) } };
    case 'extract':
      return {
        unresolvedExtractValue: {
          child: encodeExpression(expression.child),
          extraction: encodeExpression(expression.key),
        },
      };
    case 'updateField':
      return {
        updateFields: {
          structExpression: encodeExpression(expression.struct),
          fieldName: expression.field,
          valueExpression: expression.value === undefined ? undefined : encodeExpression(expression.value),
        },
      };
  }
}

export function encodeInlineFunction(
  { name, isDeterministic, command, version }: InlineFunction,
  evalType: number,
  returns: DataType,
  args: readonly Expression[] = [],
): proto.CommonInlineUserDefinedFunction {
  return {
    functionName: name,
    deterministic: isDeterministic,
    arguments: args.map(encodeExpression),
    pythonUdf: { outputType: encodeDataType(returns), evalType, command, pythonVer: version },
  };
}

const SUBQUERY_TYPES = {
  scalar: 'SUBQUERY_TYPE_SCALAR',
  exists: 'SUBQUERY_TYPE_EXISTS',
  in: 'SUBQUERY_TYPE_IN',
} as const;

const CAST_MODES = {
  session: 'EVAL_MODE_UNSPECIFIED',
  legacy: 'EVAL_MODE_LEGACY',
  ansi: 'EVAL_MODE_ANSI',
  try: 'EVAL_MODE_TRY',
} as const;

export function encodeSortOrder({ child, direction, nulls }: SortOrder): proto.ExpressionSortOrder {
  return {
    child: encodeExpression(child),
    direction: direction === 'ascending' ? 'SORT_DIRECTION_ASCENDING' : 'SORT_DIRECTION_DESCENDING',
    nullOrdering: nulls === 'first' ? 'SORT_NULLS_FIRST' : 'SORT_NULLS_LAST',
  };
}

function encodeFrame({ unit, lower, upper }: WindowFrame): proto.ExpressionWindowWindowFrame {
  return {
    frameType: unit === 'row' ? 'FRAME_TYPE_ROW' : 'FRAME_TYPE_RANGE',
    lower: encodeBoundary(lower),
    upper: encodeBoundary(upper),
  };
}

function encodeBoundary(boundary: FrameBoundary): proto.ExpressionWindowWindowFrameFrameBoundary {
  switch (boundary.kind) {
    case 'currentRow':
      return { currentRow: true };
    case 'unbounded':
      return { unbounded: true };
    case 'value':
      return { value: encodeExpression(boundary.value) };
  }
}

export function encodeLiteral(literal: Literal): proto.ExpressionLiteral {
  switch (literal.kind) {
    case 'null':
      return { null: encodeDataType(literal.type) };
    case 'boolean':
      return { boolean: literal.value };
    case 'byte':
    case 'short':
    case 'integer':
    case 'float':
    case 'double':
    case 'date':
    case 'yearMonthInterval':
      return { [literal.kind]: literal.value };
    case 'long':
    case 'timestamp':
    case 'timestampNtz':
    case 'dayTimeInterval':
      return { [literal.kind]: String(literal.value) };
    case 'decimal':
      return { decimal: { value: literal.value, precision: literal.precision, scale: literal.scale } };
    case 'string':
      return { string: literal.value };
    case 'binary':
      return { binary: literal.value };
    case 'time':
      return { time: { nano: String(literal.value), precision: literal.precision } };
    case 'calendarInterval':
      return {
        calendarInterval: {
          months: literal.months,
          days: literal.days,
          microseconds: String(literal.microseconds),
        },
      };
    // The types stand in the deprecated fields too: servers up to 4.0 read only those.
    case 'array':
      return {
        array: { elementType: encodeDataType(literal.elementType), elements: literal.elements.map(encodeLiteral) },
      };
    case 'map':
      return {
        map: {
          keyType: encodeDataType(literal.keyType),
          valueType: encodeDataType(literal.valueType),
          keys: literal.keys.map(encodeLiteral),
          values: literal.values.map(encodeLiteral),
        },
      };
    case 'struct':
      return { struct: { structType: encodeDataType(literal.type), elements: literal.elements.map(encodeLiteral) } };
  }
}
