import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnvFile } from '../../../config/env-file.js';

function read(text: string): Record<string, string> {
  return Object.fromEntries([...parseEnvFile(text, '.env')].map(([name, { value }]) => [name, value]));
}

test('values are read with and without quotes, comments and blanks around them', () => {
  const text = [
    '\uFEFF# a comment',
    '',
    'PLAIN=value',
    'export EXPORTED = x y ',
    'COMMENT=a#b # c',
    'EMPTY=',
    'ONLY_COMMENT= # nothing',
    `SINGLE='a # "b" \\n'`,
    'DOUBLE="a # \\"b\\"\\n\\$c" # d',
    'EQUALS=a=b',
  ].join('\r\n');
  assert.deepEqual(read(text), {
    PLAIN: 'value',
    EXPORTED: 'x y',
    COMMENT: 'a#b',
    EMPTY: '',
    ONLY_COMMENT: '',
    SINGLE: 'a # "b" \\n',
    DOUBLE: 'a # "b"\n$c',
    EQUALS: 'a=b',
  });
});

test('the last of several lines with one name wins and its line is known', () => {
  assert.deepEqual(parseEnvFile('A=1\nA=2\n', '.env').get('A'), { value: '2', line: 2 });
});

test('a line that is no variable is refused with its number, and is not repeated: it may be a password', () => {
  for (const line of ['hunter2', '1A=x', 'A B=c', '=x']) {
    assert.throws(() => parseEnvFile(`OK=1\n\n${line}`, '.env'), {
      name: 'ConfigError',
      message: '.env, line 3: expected NAME=value',
      exitCode: 2,
    });
  }
});

test('a quote that is not closed is refused with file, line and name', () => {
  for (const value of ['"abc', "'abc", '"a" b', '"a\\"']) {
    assert.throws(() => parseEnvFile(`SECRET=${value}`, '.env'), { message: /^\.env, line 1: SECRET: the quote/ });
  }
});
