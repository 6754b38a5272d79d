/**
 * What people ask of a pipeline that runs: stop a query, start it again, show what Spark has made of its plan. Asker and supervisor are two
 * processes with one state folder between them, so a request is a file there and its answer a file beside it: no port, nothing to log in to, and
 * who may write the folder may as well end the run. Whatever lies there from before a run is not carried out: who asked has long gone.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type QueryAction = 'stop' | 'restart' | 'explain';

export type QueryAnswer =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'started'; readonly queryId: string; readonly runId: string }
  /** Spark's text, of the last micro-batch. */
  | { readonly kind: 'plan'; readonly text: string }
  | { readonly kind: 'refused' | 'failed'; readonly message: string };

export interface QueryRequest {
  readonly action: QueryAction;
  readonly query: string;
  /** To be called once. */
  answer(answer: QueryAnswer): void;
}

/** The supervisor's end. */
export interface QueryRequests {
  /** What has been asked since the last call, oldest first. */
  take(): readonly QueryRequest[];
}

interface RequestFile {
  readonly version: 1;
  readonly action: QueryAction;
  readonly query: string;
}

const FOLDER = 'requests';
const REQUEST = '.request.json';
const ANSWER = '.answer.json';
const ACTIONS: readonly string[] = ['stop', 'restart', 'explain'] satisfies QueryAction[];
const POLL_MS = 50;

/** Begins anew: requests from before are swept away. */
export function openRequests(stateDir: string): QueryRequests & Disposable {
  const folder = join(stateDir, FOLDER);
  const sweep = (): void => rmSync(folder, { recursive: true, force: true });
  sweep();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const seen = new Set<string>();
  return {
    take() {
      const names = namesIn(folder).filter((name) => name.endsWith(REQUEST) && !seen.has(name));
      return names.sort().flatMap((name) => {
        seen.add(name);
        const request = readJson<RequestFile>(join(folder, name));
        if (request?.version !== 1 || !ACTIONS.includes(request.action)) return [];
        const answer = (given: QueryAnswer): void => {
          // Who asked takes the request away when it stops waiting.
          if (namesIn(folder).includes(name)) writeJson(join(folder, name.replace(REQUEST, ANSWER)), given);
        };
        return [{ action: request.action, query: request.query, answer }];
      });
    },
    [Symbol.dispose]: sweep,
  };
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Whether the supervisor that is asked is still there; when it is not, there will be no answer. */
  readonly isThere: () => boolean;
}

/** @returns the answer, or undefined when the supervisor is gone before it has given one. @throws AbortError */
export async function askSupervisor(
  stateDir: string,
  action: QueryAction,
  query: string,
  { signal, isThere }: AskOptions,
): Promise<QueryAnswer | undefined> {
  const folder = join(stateDir, FOLDER);
  // By time first, so that requests are carried out in the order in which they were made.
  const id = `${String(Date.now()).padStart(15, '0')}-${randomUUID()}`;
  const request = join(folder, id + REQUEST);
  const answer = join(folder, id + ANSWER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeJson(request, { version: 1, action, query } satisfies RequestFile);
    for (;;) {
      // In this order: an answer given as the last thing before the end is still found.
      const isStillThere = isThere();
      const found = readJson<QueryAnswer>(answer);
      if (found !== undefined) return found;
      if (!isStillThere) return undefined;
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    rmSync(request, { force: true });
    rmSync(answer, { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined when there is no such file, or one that is no JSON, which nobody here writes. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As a whole or not at all. */
function writeJson(file: string, value: unknown): void {
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}
