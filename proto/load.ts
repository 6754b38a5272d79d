// Gives the protocol to whoever speaks it, at run time, without a file: the descriptor is a string in the program, so that the client can be
// bundled into one file (foreachBatch handlers are).
import type { MethodDefinition } from '@grpc/grpc-js';
import { DESCRIPTOR_JSON } from './generated/descriptor.js';
import { type Descriptor, MessageCodecs } from './message-codec.js';
import type * as messages from './messages.js';

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

/** The protocol, read on the first call and shared afterwards. */
export function loadProtocol(): Protocol {
  loaded ??= readProtocol();
  return loaded;
}

function readProtocol(): Protocol {
  const descriptor = JSON.parse(DESCRIPTOR_JSON) as Descriptor;
  const messages = new MessageCodecs(descriptor);
  const codecOf = (name: string): Codec<object, object> => ({
    serialize: (message) => messages.encode(name, message),
    deserialize: (bytes) => messages.decode(name, bytes),
  });
  // The generator writes types and descriptor from the same files in the same run; nothing weaker than that run could check these casts.
  const codec = <Input, Output>(name: string) => codecOf(name) as unknown as Codec<Input, Output>;
  return {
    service: serviceOf(descriptor, messages, 'spark.connect.SparkConnectService') as unknown as SparkConnectService,
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

function serviceOf(
  { services }: Descriptor,
  messages: MessageCodecs,
  name: string,
): Record<string, Method<object, object>> {
  const methods = (services[name] ?? []).map(
    ([method, request, response, requestStream, responseStream]): [string, Method<object, object>] => [
      method,
      {
        path: `/${name}/${method}`,
        requestStream,
        responseStream,
        requestSerialize: (message) => messages.encode(request, message),
        requestDeserialize: (bytes) => messages.decode(request, bytes),
        responseSerialize: (message) => messages.encode(response, message),
        responseDeserialize: (bytes) => messages.decode(response, bytes),
      },
    ],
  );
  return Object.fromEntries(methods);
}
