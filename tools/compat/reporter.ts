/** A reporter for `node --test-reporter`: each outcome of a test as one line of JSON, for the process that started the tests. */
import type { TestOutcome } from './outcome.js';

/** What of Node's test events is looked at; `@types/node` has a union of all of them. */
interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly skip?: string | boolean;
    readonly details?: { readonly error?: Error & { readonly cause?: unknown } };
  };
}

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void, void> {
  for await (const { type, data } of events) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.nesting !== 0) continue;
    const cause = data.details?.error?.cause;
    const outcome: TestOutcome = {
      name: data.name ?? '',
      kind: type === 'test:fail' ? 'failed' : data.skip === undefined ? 'passed' : 'skipped',
      message: type === 'test:fail' ? String(cause instanceof Error ? cause.message : cause) : undefined,
    };
    yield `${JSON.stringify(outcome)}\n`;
  }
}
