import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, EXIT } from '../../../cli/exit-codes.js';
import { toFailure } from '../../../cli/failure.js';
import { ConfigError } from '../../../config/config-error.js';
import { ProduceError } from '../../../producer/index.js';
import { SparkError } from '../../../spark/connect/errors/index.js';
import { StackError } from '../../../stack/stack-error.js';
import { VerifyError } from '../../../verify/verify-error.js';

const WORDS = { command: 'produce', options: ['count', 'rate', 'late-share', 'transactional'] };

test('each kind of error has the exit code that the help promises', () => {
  const codes: [Error, number][] = [
    [new CommandError(EXIT.interrupted, 'x'), 130],
    [new ConfigError('x'), 2],
    [new ProduceError('options', 'x'), 2],
    [new ProduceError('unreachable', 'x'), 3],
    [new ProduceError('topic', 'x'), 3],
    [new ProduceError('fenced', 'x'), 1],
    [new StackError('unreachable', 'x'), 3],
    [new StackError('aborted', 'x'), 130],
    [new StackError('not_started', 'x'), 1],
    [new VerifyError('kafka', 'x'), 3],
    [new SparkError('x', { kind: 'connection' }), 3],
    [new SparkError('x', { kind: 'analysis' }), 1],
    [new VerifyError('lake', 'x'), 1],
    [AbortSignal.abort().reason as Error, 130],
    [new Error('x'), 1],
  ];
  for (const [error, exitCode] of codes) {
    assert.equal(toFailure(error).exitCode, exitCode, `${error.name} ${(error as { kind?: string }).kind ?? ''}`);
  }
});

test('a refused connection of pg or kafkajs says which service and what to do', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
    code: 'ECONNREFUSED',
    address: '127.0.0.1',
    port: 5432,
  });
  assert.deepEqual(toFailure(refused), {
    exitCode: 3,
    message:
      'No answer at 127.0.0.1:5432 (ECONNREFUSED). Is everything running? See `sluice status`; `sluice up` starts it.',
  });
  const kafka = Object.assign(new Error('Connection timeout'), { name: 'KafkaJSConnectionError' });
  assert.match(toFailure(kafka).message, /^Kafka does not answer: Connection timeout\. Start it with `sluice up`/);
  const password = Object.assign(new Error('password authentication failed'), { name: 'error', code: '28P01' });
  assert.equal(toFailure(password).exitCode, 3);
  assert.match(toFailure(password).message, /^Postgres refuses/);
});

test('an error without a message shows the errors inside it', () => {
  const both = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], '');
  assert.equal(toFailure(both).message, '::1 refused; 127.0.0.1 refused');
});

test('a mistyped option is named, with the one that was meant, in one line', () => {
  const error = Object.assign(new Error('Nonexistent flag: --conut=3\nSee more help with --help'), {
    flags: ['--conut=3'],
    oclif: { exit: 2 },
  });
  assert.deepEqual(toFailure(error, WORDS), {
    exitCode: 2,
    message: 'There is no option --conut; did you mean --count? See `sluice produce --help`.',
  });
});

test('a wrong value names its option, and an argument too many is called one', () => {
  const value = Object.assign(new Error('Parsing --rate \n\tmust be a number, not "x"\nSee more help with --help'), {});
  assert.equal(toFailure(value, WORDS).message, '--rate must be a number, not "x". See `sluice produce --help`.');
  const argument = Object.assign(new Error('command produce:extra not found'), { oclif: { exit: 2 } });
  assert.equal(toFailure(argument, WORDS).message, 'Unexpected argument: extra. See `sluice produce --help`.');
});

test('what does not go together, goes with another only, or is none of a list is told without words about the parser', () => {
  const said = (message: string): string =>
    toFailure(Object.assign(new Error(message), { oclif: { exit: 2 } }), { command: 'c', options: [] }).message;
  const cases = {
    'The following error occurred:\n  --watch=true cannot also be provided when using --wait\nSee more help with --help':
      '--watch and --wait do not go together.',
    'The following error occurred:\n  All of the following must be provided when using --json: --detach\nSee more help with --help':
      '--json goes with --detach only.',
    'Expected --level=warning to be one of: debug, info, warn\nSee more help with --help':
      '--level must be one of debug, info, warn, not "warning"; did you mean warn?',
    'Expected dashbord to be one of: spark, dashboard\nSee more help with --help':
      '"dashbord" is none of spark, dashboard; did you mean dashboard?',
    'Expected tcsh to be one of: bash, zsh, fish': '"tcsh" is none of bash, zsh, fish.',
  };
  for (const [message, sentence] of Object.entries(cases))
    assert.equal(said(message), `${sentence} See \`sluice c --help\`.`);
});

test('what is not even an error still comes out', () => {
  assert.deepEqual(toFailure('boom'), { exitCode: 1, message: 'boom' });
});

test('what is missing is named in one line', () => {
  const missing = (message: string): Error => Object.assign(new Error(message), { oclif: { exit: 2 } });
  const one = missing('Missing 1 required arg:\npage  (spark|dashboard) Which page.\nSee more help with --help');
  assert.equal(
    toFailure(one, { command: 'open', options: [] }).message,
    'An argument is missing: page (spark|dashboard: Which page). See `sluice open --help`.',
  );
  const two = missing('Missing 2 required args:\ntopic  Where to.\nfile   \nSee more help with --help');
  assert.equal(
    toFailure(two, { command: 'publish', options: [] }).message,
    'Arguments are missing: topic (Where to), file. See `sluice publish --help`.',
  );
});
