import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scramVerifier } from '../../../stack/postgres-roles.js';

test('a verifier is what RFC 7677 works out for its example', () => {
  // User "user", password "pencil"; the keys follow from the salt and 4096 iterations.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  assert.equal(
    scramVerifier('pencil', salt),
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('the same password gets another verifier each time, and none of them holds it', () => {
  const [one, other] = [scramVerifier('correct-horse'), scramVerifier('correct-horse')];
  assert.notEqual(one, other);
  assert.ok(!`${one}${other}`.includes('correct-horse'));
});
