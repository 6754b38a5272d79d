// A Spark Connect server of a few lines, on a free port of loopback: for answers that the real one gives only in distress.
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadProtocol } from '../../../../../proto/load.js';
import type * as messages from '../../../../../proto/messages.js';

export type Answer<Response> = Response | Error;

export interface FakeSpark {
  analyze?(request: messages.AnalyzePlanRequestOutput, headers: Metadata): Answer<messages.AnalyzePlanResponse>;
  /** Responses in order; an Error among them breaks the stream there. */
  execute?(request: messages.ExecutePlanRequestOutput): readonly Answer<messages.ExecutePlanResponse>[];
  reattach?(request: messages.ReattachExecuteRequestOutput): readonly Answer<messages.ExecutePlanResponse>[];
  release?(request: messages.ReleaseExecuteRequestOutput): void;
  releaseSession?(): Answer<messages.ReleaseSessionResponse>;
  /** All messages of one upload. */
  addArtifacts?(requests: readonly messages.AddArtifactsRequestOutput[]): Answer<messages.AddArtifactsResponse>;
  artifactStatus?(request: messages.ArtifactStatusesRequestOutput): Answer<messages.ArtifactStatusesResponse>;
  cloneSession?(request: messages.CloneSessionRequestOutput): Answer<messages.CloneSessionResponse>;
  errorDetails?(request: messages.FetchErrorDetailsRequestOutput): Answer<messages.FetchErrorDetailsResponse>;
}

export interface RunningFake extends AsyncDisposable {
  readonly remote: string;
}

/** A gRPC failure as Spark sends it: code, text, and an ErrorInfo if given. */
export function failure(
  code: number,
  details: string,
  info?: Readonly<Record<string, string>>,
  retryAfterMs?: number,
): Error {
  const metadata = new Metadata();
  const { codecs } = loadProtocol();
  const any = [
    ...(info === undefined
      ? []
      : [
          {
            typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
            value: codecs.errorInfo.serialize({ metadata: info }),
          },
        ]),
    ...(retryAfterMs === undefined
      ? []
      : [
          {
            typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
            value: codecs.retryInfo.serialize({ retryDelay: { nanos: retryAfterMs * 1e6 } }),
          },
        ]),
  ];
  if (any.length > 0) {
    metadata.set(
      'grpc-status-details-bin',
      Buffer.from(codecs.status.serialize({ code, message: details, details: any })),
    );
  }
  return Object.assign(new Error(details), { code, details, metadata });
}

interface UnaryCall {
  readonly request: never;
  readonly metadata: Metadata;
}

interface UploadCall {
  on(event: 'data', listener: (request: never) => void): void;
  on(event: 'end', listener: () => void): void;
}

interface StreamCall extends UnaryCall {
  write(response: unknown): void;
  end(): void;
  emit(event: 'error', error: Error): void;
}

type Respond = (error: Error | null, response?: unknown) => void;

export async function startFakeSpark(spark: FakeSpark): Promise<RunningFake> {
  const unary =
    (answer: ((request: never, headers: Metadata) => unknown) | undefined) => (call: UnaryCall, respond: Respond) => {
      const response = answer?.(call.request, call.metadata) ?? {};
      if (response instanceof Error) respond(response);
      else respond(null, response);
    };
  const stream = (answers: ((request: never) => readonly unknown[]) | undefined) => (call: StreamCall) => {
    for (const answer of answers?.(call.request) ?? []) {
      if (answer instanceof Error) {
        call.emit('error', answer);
        return;
      }
      call.write(answer);
    }
    call.end();
  };
  const upload = (answer: ((requests: never) => unknown) | undefined) => (call: UploadCall, respond: Respond) => {
    const requests: unknown[] = [];
    call.on('data', (request) => void requests.push(request));
    call.on('end', () => {
      const response = answer?.(requests as never) ?? {};
      if (response instanceof Error) respond(response);
      else respond(null, response);
    });
  };
  const server = new Server();
  // What grpc-js calls with is what the descriptor says; its own type for it is HandleCall<any, any>.
  const implementation = {
    AnalyzePlan: unary(spark.analyze?.bind(spark)),
    ExecutePlan: stream(spark.execute?.bind(spark)),
    ReattachExecute: stream(spark.reattach?.bind(spark)),
    ReleaseExecute: unary((request: never) => void spark.release?.(request)),
    ReleaseSession: unary(spark.releaseSession?.bind(spark)),
    FetchErrorDetails: unary(spark.errorDetails?.bind(spark)),
    AddArtifacts: upload(spark.addArtifacts?.bind(spark)),
    ArtifactStatus: unary(spark.artifactStatus?.bind(spark)),
    CloneSession: unary(spark.cloneSession?.bind(spark)),
    Config: unary(undefined),
    Interrupt: unary(undefined),
  } as unknown as UntypedServiceImplementation;
  server.addService(loadProtocol().service as unknown as ServiceDefinition, implementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    remote: `sc://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  };
}
