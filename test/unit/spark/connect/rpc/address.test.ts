import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import { formatEndpoint, isLoopback, parseAddress } from '../../../../../spark/connect/rpc/address.js';

const SESSION = '00112233-4455-6677-8899-aabbccddeeff';

function refusal(remote: string, options = {}): string {
  try {
    parseAddress(remote, options);
  } catch (error) {
    assert.ok(error instanceof SparkError);
    assert.equal(error.kind, 'input');
    return error.message;
  }
  throw new assert.AssertionError({ message: `${remote} was accepted` });
}

test('a bare host gets port 15002, no TLS, no token', () => {
  assert.deepEqual(parseAddress('sc://spark.example'), {
    host: 'spark.example',
    port: 15002,
    useTls: false,
    caFile: undefined,
    token: undefined,
    userId: undefined,
    userAgent: undefined,
    sessionId: undefined,
    headers: new Map(),
  });
});

test('every key is read, values are percent-decoded, unknown keys become headers', () => {
  const address = parseAddress(
    `sc://Spark.Example:443/;use_ssl=true;token=a%3Bb%3D;user_id=m%20x;user_agent=tool/1;session_id=${SESSION.toUpperCase()};X-Team=red=blue`,
  );
  assert.equal(address.host, 'spark.example');
  assert.equal(address.port, 443);
  assert.equal(address.useTls, true);
  assert.equal(address.token, 'a;b=');
  assert.equal(address.userId, 'm x');
  assert.equal(address.userAgent, 'tool/1');
  assert.equal(address.sessionId, SESSION);
  assert.deepEqual([...address.headers], [['x-team', 'red=blue']]);
});

test('an option counts more than the string, the string more than the environment', () => {
  const environment = { SPARK_CONNECT_AUTHENTICATE_TOKEN: 'environment' };
  assert.equal(parseAddress('sc://localhost', {}, environment).token, 'environment');
  assert.equal(parseAddress('sc://localhost/;token=string', {}, environment).token, 'string');
  assert.equal(parseAddress('sc://localhost/;token=string', { token: 'option' }, environment).token, 'option');
  assert.equal(parseAddress('sc://localhost', {}, { SPARK_CONNECT_AUTHENTICATE_TOKEN: '' }).token, undefined);
});

test('a token implies TLS for another host and not for this one', () => {
  assert.equal(parseAddress('sc://spark.example/;token=t').useTls, true);
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]']) {
    assert.equal(parseAddress(`sc://${host}:1/;token=t`).useTls, false, host);
  }
});

test('a token in plain text to another host is refused unless allowed explicitly', () => {
  assert.match(refusal('sc://spark.example/;token=s3cret;use_ssl=false'), /plain text/);
  assert.equal(parseAddress('sc://spark.example/;token=t;use_ssl=false;allow_plaintext_token=true').useTls, false);
  assert.equal(parseAddress('sc://spark.example/;token=t;allow_plaintext_token=true').useTls, false);
  assert.equal(parseAddress('sc://spark.example/;token=t', { allowPlaintextToken: true }).useTls, false);
});

test('a refusal never repeats the token', () => {
  assert.doesNotMatch(refusal('sc://spark.example/;token=s3cret;use_ssl=false'), /s3cret/);
  assert.doesNotMatch(refusal('sc://spark.example/;s3cret'), /s3cret/);
  assert.doesNotMatch(refusal('sc://s3cret@spark.example'), /s3cret/);
  assert.doesNotMatch(refusal('sc://me:s3cret@spark.example'), /s3cret/);
  for (const token of ['s3cret\n', 's3créte']) {
    const fault = refusal('sc://localhost', { token });
    assert.match(fault, /the token has characters that a header cannot carry/);
    assert.doesNotMatch(fault, /s3cr/);
  }
});

test('IPv6 hosts stand in brackets', () => {
  const address = parseAddress('sc://[fe80::1]:99');
  assert.equal(address.host, 'fe80::1');
  assert.equal(formatEndpoint(address), '[fe80::1]:99');
  assert.equal(isLoopback('::1'), true);
  assert.equal(isLoopback('127.evil.example'), false);
});

test('each fault is named', () => {
  assert.match(refusal('http://x'), /start with sc:\/\//);
  assert.match(refusal('sc://'), /host is missing/);
  assert.match(refusal('sc://x:0'), /"0" is not a port/);
  assert.match(refusal('sc://x:http'), /"http" is not a port/);
  assert.match(refusal('sc://x/path'), /path/);
  assert.match(refusal('sc://x/;a'), /parameter 1 is not key=value/);
  assert.match(refusal('sc://x/;a=1;a=2'), /a is given twice/);
  assert.match(refusal('sc://x/;a=%zz'), /percent-encoded/);
  assert.match(refusal('sc://x/;use_ssl=yes'), /use_ssl must be true or false/);
  assert.match(refusal('sc://x/;session_id=1'), /UUID/);
  assert.match(refusal('sc://x/;bad key=1'), /header/);
  assert.match(refusal('sc://x/;blob-bin=1'), /header/);
  assert.match(refusal('sc://x/;team=a%0Ab'), /the value of team has characters that a header cannot carry/);
  assert.match(refusal('sc://x/;use_ssl=false;ca_file=/ca.pem'), /contradicts/);
  assert.match(refusal('sc://x', { userAgent: 'é'.repeat(400) }), /user_agent is longer/);
});
