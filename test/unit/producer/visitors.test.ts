import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeSimulation, type SimulationOptions } from '../../../producer/settings.js';
import { type Visit, visits } from '../../../producer/visitors.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const SPAN_MS = 20 * 60_000;

function simulated(options: SimulationOptions): Visit[] {
  return [...visits(completeSimulation({ eventTimeFrom: '2026-06-01T11:00:00Z', ...options }, NOW))];
}

test('visits come in the order of event time and fill the span, whatever the numbers', () => {
  for (const [count, users] of [
    [1, 1],
    [50, 3],
    [1_000, 100_000],
    [50_000, 5],
    [50_000, 5_000],
  ] as const) {
    const all = simulated({ count, users, eventTimeSpanMs: SPAN_MS });
    assert.equal(all.length, count);
    const from = Date.parse('2026-06-01T11:00:00Z') * 1_000;
    let previous = from;
    for (const { timeMicros } of all) {
      assert.ok(Number.isSafeInteger(timeMicros) && timeMicros >= previous, `${count} events of ${users} users`);
      previous = timeMicros;
    }
    assert.ok(previous <= from + SPAN_MS * 1_000, `the last of ${count} visits lies within the span`);
    if (count >= 1_000)
      assert.ok(previous > from + SPAN_MS * 990, 'the last visit lies in the last hundredth of the span');
  }
});

test('the density is even: no tenth of the span has half as many events again as another', () => {
  const tenths = new Array<number>(10).fill(0);
  const from = Date.parse('2026-06-01T11:00:00Z') * 1_000;
  for (const { timeMicros } of simulated({ count: 100_000, eventTimeSpanMs: SPAN_MS })) {
    const tenth = Math.min(9, Math.floor((timeMicros - from) / (SPAN_MS * 100)));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(Math.max(...tenths) < 1.5 * Math.min(...tenths), tenths.join(' '));
});

test('everybody keeps to the grammar of a session: start, first page of the same URL, then anything, and nothing after the end', () => {
  const users = groupByUser(simulated({ count: 50_000, users: 800, seed: 7 }));
  let ended = 0;
  let hanging = 0;
  for (const own of users.values()) {
    for (let i = 1; i < own.length; i++) {
      const [before, visit] = [own[i - 1] as Visit, own[i] as Visit];
      if (before.type === 'session_start') {
        assert.equal(visit.type, 'page_view');
        assert.equal(visit.page, before.page);
      }
      if (before.type === 'session_end') assert.equal(visit.type, 'session_start');
      if (visit.type === 'session_start') before.type === 'session_end' ? ended++ : hanging++;
      if (visit.type === 'click')
        assert.equal(visit.page, before.page, 'a click takes place on the page that was opened');
    }
  }
  const share = ended / (ended + hanging);
  assert.ok(share > 0.8 && share < 0.9, `sessions end mostly, and hang sometimes: ${share}`);
});

test('pages are liked unevenly, and the best liked is the first', () => {
  const views = new Map<number, number>();
  for (const { type, page } of simulated({ count: 50_000 })) {
    if (type === 'page_view') views.set(page, (views.get(page) ?? 0) + 1);
  }
  const ranked = [...views].sort((a, b) => b[1] - a[1]);
  assert.equal(ranked[0]?.[0], 0);
  assert.ok((ranked[0]?.[1] ?? 0) > 20 * (ranked[100]?.[1] ?? 0));
  assert.ok(ranked.length > 190, 'rare pages are visited too');
});

test('some first page views carry the very time of their session_start', () => {
  const all = groupByUser(simulated({ count: 20_000 }));
  let same = 0;
  for (const own of all.values()) {
    for (let i = 1; i < own.length; i++) {
      if (own[i - 1]?.type === 'session_start' && own[i]?.timeMicros === own[i - 1]?.timeMicros) same++;
    }
  }
  assert.ok(same > 50, `${same}`);
});

test('without an end the density is held as well', () => {
  const settings = completeSimulation({ rate: 1_000, users: 2_000 }, NOW);
  const from = settings.eventTimeFromMicros;
  let seen = 0;
  for (const { timeMicros } of visits(settings)) {
    if (++seen % 20_000 === 0) {
      const driftSeconds = (timeMicros - from) / 1_000_000 - seen / 1_000;
      assert.ok(Math.abs(driftSeconds) < 10, `after ${seen} events event time is ${driftSeconds} s off`);
    }
    if (seen === 200_000) break;
  }
});

function groupByUser(all: readonly Visit[]): Map<number, Visit[]> {
  const groups = new Map<number, Visit[]>();
  for (const visit of all) {
    const own = groups.get(visit.user);
    if (own === undefined) groups.set(visit.user, [visit]);
    else own.push(visit);
  }
  return groups;
}
