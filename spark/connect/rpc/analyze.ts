// AnalyzePlan: questions about a plan, each with its own answer. Both ends stand side by side so that a new kind is added in one file.
import type {
  AnalyzePlanRequest,
  AnalyzePlanRequestExplainExplainMode,
  AnalyzePlanResponseOutput,
  Plan,
} from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';
import type { Relation } from '../plan/relation.js';
import { decodeDataType, decodeSchema } from '../wire/decode-type.js';
import { encodeRelation } from '../wire/encode-relation.js';
import type { AnalyzeRequest, AnalyzeResults, ExplainMode } from './connection.js';
import { encodePlan } from './encode-plan.js';

const EXPLAIN_MODES: Readonly<Record<ExplainMode, AnalyzePlanRequestExplainExplainMode>> = {
  simple: 'EXPLAIN_MODE_SIMPLE',
  extended: 'EXPLAIN_MODE_EXTENDED',
  codegen: 'EXPLAIN_MODE_CODEGEN',
  cost: 'EXPLAIN_MODE_COST',
  formatted: 'EXPLAIN_MODE_FORMATTED',
};

/** The part of the request that is the question; the session's identity is the connection's. */
export function encodeAnalyze(request: AnalyzeRequest): AnalyzePlanRequest {
  switch (request.kind) {
    case 'schema':
      return { schema: { plan: planOf(request.relation) } };
    case 'explain':
      return { explain: { plan: planOf(request.relation), explainMode: EXPLAIN_MODES[request.mode] } };
    case 'treeString':
      return { treeString: { plan: planOf(request.relation), level: request.level } };
    case 'isLocal':
      return { isLocal: { plan: planOf(request.relation) } };
    case 'isStreaming':
      return { isStreaming: { plan: planOf(request.relation) } };
    case 'inputFiles':
      return { inputFiles: { plan: planOf(request.relation) } };
    case 'sparkVersion':
      return { sparkVersion: {} };
    case 'ddlParse':
      return { ddlParse: { ddlString: request.ddl } };
    case 'sameSemantics':
      return { sameSemantics: { targetPlan: planOf(request.relation), otherPlan: planOf(request.other) } };
    case 'semanticHash':
      return { semanticHash: { plan: planOf(request.relation) } };
    case 'persist':
      return { persist: { relation: encodeRelation(request.relation), storageLevel: request.storageLevel } };
    case 'unpersist':
      return { unpersist: { relation: encodeRelation(request.relation), blocking: request.blocking } };
    case 'storageLevel':
      return { getStorageLevel: { relation: encodeRelation(request.relation) } };
  }
}

/** @throws SparkError of kind `protocol` if the answer is to another question. */
export function decodeAnalyze<Request extends AnalyzeRequest>(
  request: Request,
  response: AnalyzePlanResponseOutput,
): AnalyzeResults[Request['kind']] {
  // TypeScript cannot see that a switch on request.kind narrows the result; `answerTo` is checked against AnalyzeResults as a whole.
  return answerTo(request.kind, response) as AnalyzeResults[Request['kind']];
}

function answerTo(
  kind: AnalyzeRequest['kind'],
  response: AnalyzePlanResponseOutput,
): AnalyzeResults[keyof AnalyzeResults] {
  switch (kind) {
    case 'schema':
      return decodeSchema(present(response.schema?.schema, kind));
    case 'explain':
      return present(response.explain, kind).explainString;
    case 'treeString':
      return present(response.treeString, kind).treeString;
    case 'isLocal':
      return present(response.isLocal, kind).isLocal;
    case 'isStreaming':
      return present(response.isStreaming, kind).isStreaming;
    case 'inputFiles':
      return present(response.inputFiles, kind).files;
    case 'sparkVersion':
      return present(response.sparkVersion, kind).version;
    case 'ddlParse':
      return decodeDataType(present(response.ddlParse?.parsed, kind));
    case 'sameSemantics':
      return present(response.sameSemantics, kind).result;
    case 'semanticHash':
      return present(response.semanticHash, kind).result;
    case 'persist':
    case 'unpersist':
      return undefined;
    case 'storageLevel':
      return present(response.getStorageLevel?.storageLevel, kind);
  }
}

function present<T>(value: T | null | undefined, kind: string): T {
  if (value === null || value === undefined) {
    throw new SparkError(`The server's answer to the question "${kind}" lacks it.`, { kind: 'protocol' });
  }
  return value;
}

function planOf(relation: Relation): Plan {
  return encodePlan({ kind: 'relation', relation });
}
