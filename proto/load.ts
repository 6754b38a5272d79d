// Gives the protocol to whoever speaks it, at run time, without a file: the descriptor is a string in the program, so that the client can be
// bundled into one file (foreachBatch handlers are).
import type { MethodDefinition } from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import { DESCRIPTOR_JSON } from './generated/descriptor.js';
import type * as messages from './messages.js';

/**
 * How messages look in JavaScript. `generate.mjs` writes the types for exactly these: int64 as text because a number loses digits above 2^53,
 * defaults filled in so that received scalars are never undefined, oneofs with their case's name so that a switch can be exhaustive.
 */
const CONVERSION = { longs: String, enums: String, defaults: true, oneofs: true } as const;

type Method<Request, Response> = MethodDefinition<Request, Response>;

/** The service's methods as gRPC wants them; each request and response in the types of `messages.ts`. */
export interface SparkConnectService {
  readonly ExecutePlan: Method<messages.ExecutePlanRequest, messages.ExecutePlanResponseOutput>;
  readonly ReattachExecute: Method<messages.ReattachExecuteRequest, messages.ExecutePlanResponseOutput>;
  readonly ReleaseExecute: Method<messages.ReleaseExecuteRequest, messages.ReleaseExecuteResponseOutput>;
  readonly AnalyzePlan: Method<messages.AnalyzePlanRequest, messages.AnalyzePlanResponseOutput>;
  readonly Config: Method<messages.ConfigRequest, messages.ConfigResponseOutput>;
  readonly Interrupt: Method<messages.InterruptRequest, messages.InterruptResponseOutput>;
  readonly ReleaseSession: Method<messages.ReleaseSessionRequest, messages.ReleaseSessionResponseOutput>;
  readonly AddArtifacts: Method<messages.AddArtifactsRequest, messages.AddArtifactsResponseOutput>;
  readonly ArtifactStatus: Method<messages.ArtifactStatusesRequest, messages.ArtifactStatusesResponseOutput>;
  readonly CloneSession: Method<messages.CloneSessionRequest, messages.CloneSessionResponseOutput>;
  readonly FetchErrorDetails: Method<messages.FetchErrorDetailsRequest, messages.FetchErrorDetailsResponseOutput>;
}

/** Everything of the protocol that runs. */
export interface Protocol {
  readonly service: SparkConnectService;
  /** Messages that travel outside of the service's own calls: in a status' details, as an Any, as stored bytes. */
  readonly codecs: {
    readonly status: Codec<messages.RpcStatus, messages.RpcStatusOutput>;
    readonly errorInfo: Codec<messages.RpcErrorInfo, messages.RpcErrorInfoOutput>;
    readonly retryInfo: Codec<messages.RpcRetryInfo, messages.RpcRetryInfoOutput>;
    readonly relation: Codec<messages.Relation, messages.RelationOutput>;
    readonly command: Codec<messages.Command, messages.CommandOutput>;
    readonly localRelation: Codec<messages.LocalRelation, messages.LocalRelationOutput>;
  };
}

/** Turns one message into bytes and back. */
export interface Codec<Input, Output> {
  /** @throws Error if `message` does not have the message's shape. */
  readonly serialize: (message: Input) => Uint8Array;
  /** @throws Error if the bytes are not a message of this type. */
  readonly deserialize: (bytes: Uint8Array) => Output;
}

let loaded: Protocol | undefined;

/** The protocol, parsed on the first call (some tens of milliseconds) and shared afterwards. */
export function loadProtocol(): Protocol {
  loaded ??= parseProtocol();
  return loaded;
}

function parseProtocol(): Protocol {
  const root = protobuf.Root.fromJSON(JSON.parse(DESCRIPTOR_JSON)).resolveAll();
  // The generator writes types and descriptor from the same files in the same run; nothing weaker than that run could check these casts.
  const codec = <Input, Output>(name: string) => codecOf(root.lookupType(name)) as unknown as Codec<Input, Output>;
  return {
    service: serviceOf(root.lookupService('spark.connect.SparkConnectService')) as unknown as SparkConnectService,
    codecs: {
      status: codec('google.rpc.Status'),
      errorInfo: codec('google.rpc.ErrorInfo'),
      retryInfo: codec('google.rpc.RetryInfo'),
      relation: codec('spark.connect.Relation'),
      command: codec('spark.connect.Command'),
      localRelation: codec('spark.connect.LocalRelation'),
    },
  };
}

function codecOf(type: protobuf.Type) {
  return {
    serialize: (message: object) => type.encode(type.fromObject(message)).finish() as Buffer,
    deserialize: (bytes: Uint8Array) => type.toObject(type.decode(bytes), CONVERSION),
  };
}

function serviceOf(service: protobuf.Service): Record<string, Method<object, object>> {
  const methods = service.methodsArray.map((method): [string, Method<object, object>] => {
    const { resolvedRequestType, resolvedResponseType } = method;
    if (resolvedRequestType === null || resolvedResponseType === null)
      throw new Error(`the protocol does not say what ${method.name} takes and gives`);
    const [request, response] = [codecOf(resolvedRequestType), codecOf(resolvedResponseType)];
    const definition: Method<object, object> = {
      path: `/${service.fullName.replace(/^\./, '')}/${method.name}`,
      requestStream: method.requestStream === true,
      responseStream: method.responseStream === true,
      requestSerialize: request.serialize,
      requestDeserialize: request.deserialize,
      responseSerialize: response.serialize,
      responseDeserialize: response.deserialize,
    };
    return [method.name, definition];
  });
  return Object.fromEntries(methods);
}
