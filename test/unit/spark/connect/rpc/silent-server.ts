// A Spark Connect server that is asked and does not answer, over real sockets: for seeing that who gives up waiting hangs up as well.
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadProtocol } from '../../../../../proto/load.js';
import type * as messages from '../../../../../proto/messages.js';

/** A call that the server holds. */
export interface HeldCall {
  readonly method: string;
  /** The caller has hung up. */
  readonly cancelled: Promise<void>;
  /** Of an execution: says something after all. */
  write(response: messages.ExecutePlanResponse): void;
}

export interface SilentServer extends AsyncDisposable {
  readonly remote: string;
  /** The next call that is held. */
  nextCall(): Promise<HeldCall>;
  /** Operations that were interrupted by their ids. */
  readonly interrupted: string[];
  /** Operations of which the server may forget everything. */
  readonly released: string[];
  /** Whether the question for the version, by which a session begins, is answered; it is, if not told otherwise. */
  answersVersion: boolean;
}

/** An interrupt of this operation is held; of any other it is what an aborted execution sends behind, and is answered. */
export const HELD_OPERATION = '99999999-9999-4999-8999-999999999999';

interface ServerCall {
  readonly request: never;
  on(event: 'cancelled', listener: () => void): void;
  write(response: unknown): void;
}
type Respond = (error: null, response: unknown) => void;

export async function startSilentServer(): Promise<SilentServer> {
  const waiting: ((call: HeldCall) => void)[] = [];
  const held: HeldCall[] = [];
  const hold = (method: string, call: ServerCall): void => {
    const cancelled = new Promise<void>((resolve) => call.on('cancelled', resolve));
    const heldCall: HeldCall = { method, cancelled, write: (response) => call.write(response) };
    const taken = waiting.shift();
    if (taken === undefined) held.push(heldCall);
    else taken(heldCall);
  };
  const settings = { answersVersion: true };
  const interrupted: string[] = [];
  const released: string[] = [];
  const server = new Server();
  const implementation = {
    AnalyzePlan(call: ServerCall, respond: Respond) {
      const { sparkVersion }: messages.AnalyzePlanRequestOutput = call.request;
      if (settings.answersVersion && sparkVersion !== undefined && sparkVersion !== null)
        respond(null, { serverSideSessionId: 'silent', sparkVersion: { version: '4.2.0' } });
      else hold('AnalyzePlan', call);
    },
    ExecutePlan: (call: ServerCall) => hold('ExecutePlan', call),
    Interrupt(call: ServerCall, respond: Respond) {
      const { interruptType, operationId }: messages.InterruptRequestOutput = call.request;
      if (interruptType !== 'INTERRUPT_TYPE_OPERATION_ID' || operationId === HELD_OPERATION) {
        hold('Interrupt', call);
        return;
      }
      interrupted.push(operationId ?? '');
      respond(null, {});
    },
    ReleaseExecute(call: ServerCall, respond: Respond) {
      const { operationId, release }: messages.ReleaseExecuteRequestOutput = call.request;
      if (release === 'releaseAll') released.push(operationId);
      respond(null, {});
    },
    ReattachExecute: (call: ServerCall) => hold('ReattachExecute', call),
    Config: (call: ServerCall) => hold('Config', call),
    AddArtifacts: (call: ServerCall) => hold('AddArtifacts', call),
    CloneSession: (call: ServerCall) => hold('CloneSession', call),
    ReleaseSession: (call: ServerCall) => hold('ReleaseSession', call),
    FetchErrorDetails: (_call: ServerCall, respond: Respond) => respond(null, {}),
  } as unknown as UntypedServiceImplementation;
  server.addService(loadProtocol().service as unknown as ServiceDefinition, implementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return Object.assign(settings, {
    remote: `sc://127.0.0.1:${port}`,
    interrupted,
    released,
    nextCall: () =>
      new Promise<HeldCall>((resolve) => {
        const call = held.shift();
        if (call === undefined) waiting.push(resolve);
        else resolve(call);
      }),
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
    },
  });
}
