import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Talk, type TalkOptions } from '../../../../cli/ui/talk.js';

function talkTo(stream: { isTTY?: boolean; columns?: number; hasColors?: () => boolean }, options: TalkOptions = {}) {
  const clock = { ms: 1_000_000 };
  let written = '';
  const talk = new Talk(
    {
      ...stream,
      write(text: string) {
        written += text;
      },
    },
    { now: () => clock.ms, ...options },
  );
  return { talk, clock, written: () => written };
}

test('in a pipe progress is a plain line every ten seconds, without bar or escape', () => {
  const { talk, clock, written } = talkTo({});
  talk.bar(10, 100, 'sent');
  talk.bar(20, 100, 'sent');
  clock.ms += 10_000;
  talk.bar(30, 100, 'sent');
  talk.line('done');
  assert.equal(written(), ' 10 %  sent\n 30 %  sent\ndone\n');
});

test('on a terminal progress is redrawn in place, cut to its width, and lines come above it', () => {
  const { talk, clock, written } = talkTo({ isTTY: true, columns: 12, hasColors: () => true });
  talk.progress('a long line of progress');
  clock.ms += 10;
  talk.progress('too soon to be drawn');
  talk.line('event');
  talk.endProgress();
  const clear = '\r\u001b[2K';
  assert.equal(written(), `${clear}a long lin…${clear}event\n${clear}a long lin…${clear}`);
});

test('the bar is full at the end and never beyond', () => {
  const { talk, written } = talkTo({ isTTY: true, columns: 80, hasColors: () => true });
  talk.bar(150, 100, 'sent');
  assert.ok(written().includes(`${'█'.repeat(16)} 100 %  sent`));
});

test('a new stretch of progress is said at once', () => {
  const { talk, written } = talkTo({});
  talk.progress('first');
  talk.endProgress();
  talk.progress('second');
  assert.equal(written(), 'first\nsecond\n');
});

test('quiet means nothing at all', () => {
  const { talk, written } = talkTo({ isTTY: true, hasColors: () => true }, { isQuiet: true });
  talk.line('x');
  talk.progress('x');
  talk.endProgress();
  assert.equal(written(), '');
});

test('a terminal without colours is written to like a pipe', () => {
  const { talk, written } = talkTo({ isTTY: true, hasColors: () => false });
  talk.progress('x');
  assert.equal(written(), 'x\n');
});

test('on a terminal that does not know its width, 80 columns are taken', () => {
  const { talk, written } = talkTo({ isTTY: true, columns: 0, hasColors: () => true });
  talk.progress('x'.repeat(100));
  assert.ok(written().endsWith(`${'x'.repeat(78)}…`), written());
});
