// Draws each snapshot that the server sends. The page holds no history of its own: a snapshot has all that is drawn, so memory stays as it is.
import { lineChart } from './chart.js';
import { flow } from './flow.js';
import { bytes, clock, count, duration, element, exact, rate } from './text.js';

/** Without a new snapshot for so long, what stands here is old. */
const STALE_MS = 8_000;

/** Of each query: the one that drops most would otherwise be the only one to be seen. */
const LATE_ROWS_MAX = 4;

const at = (id) => document.getElementById(id);
let last;
let receivedMs = Date.now();

function draw(snapshot) {
  last = snapshot;
  document.title = `${snapshot.alerts.length > 0 ? `(${snapshot.alerts.length}) ` : ''}sluice · ${snapshot.pipeline.name}`;
  at('pipeline').textContent = snapshot.pipeline.name;
  at('services').replaceChildren(
    ...snapshot.services.map(({ service, isUp, problem }) =>
      element(
        'span',
        { class: `mark ${isUp ? '' : 'down'}`, title: problem ?? 'answers' },
        `${service}${isUp ? '' : ' down'}`,
      ),
    ),
    element(
      'span',
      { class: `mark ${snapshot.runSince === undefined ? 'idle' : ''}` },
      snapshot.runSince === undefined ? 'not running' : `running since ${clock(snapshot.runSince)}`,
    ),
  );
  const link = { href: snapshot.sparkUiUrl ?? '', target: '_blank', rel: 'noopener' };
  at('links').replaceChildren(...(snapshot.sparkUiUrl === undefined ? [] : [element('a', link, 'Spark UI')]));
  at('alerts').hidden = snapshot.alerts.length === 0;
  at('alerts').replaceChildren(...snapshot.alerts.map(({ severity, what }) => element('p', { class: severity }, what)));
  at('flow').replaceChildren(flow(snapshot));
  drawConservation(snapshot);
  drawVerification(snapshot);
  drawQueries(snapshot);
  drawTables(snapshot);
  drawBatches(snapshot);
  drawLedger(snapshot);
  drawDeadLetters(snapshot);
  drawLate(snapshot);
  at('at').textContent = `as of ${clock(snapshot.at)}`;
}

/** Each query that takes every record: what it read is what it kept and what it set aside. */
function drawConservation({ pipeline, queries, topicRecords }) {
  const facts = pipeline.queries
    .filter(({ sink }) => sink.kind === 'records')
    .flatMap(({ name }) => {
      const query = queries.find((other) => other.query === name);
      if (query === undefined) return [];
      return [
        [`read by ${name}`, exact(query.rows)],
        ['= valid', exact(query.rows - query.dead)],
        ['+ dead', exact(query.dead)],
        ['waiting', exact(query.lag)],
      ];
    });
  if (topicRecords !== undefined) facts.unshift(['records in the topics', exact(topicRecords)]);
  at('conservation').replaceChildren(
    ...facts.map(([name, value]) => element('div', {}, element('span', {}, name), element('b', {}, value))),
  );
}

/** What `sluice verify` found last, by word and by colour. */
function drawVerification({ verification, at: now }) {
  if (verification === undefined) {
    at('verification').replaceChildren(
      element('span', { class: 'mark idle' }, 'not verified yet'),
      ' · ',
      element('code', {}, 'sluice verify'),
    );
    return;
  }
  const { ok, verdict, at: time } = verification;
  const age = duration(Math.max(0, Date.parse(now) - Date.parse(time)));
  at('verification').replaceChildren(
    element('span', { class: `mark ${ok ? '' : 'down'}` }, ok ? 'verified' : 'not in order'),
    ` at ${clock(time)}, ${age} ago: ${verdict}`,
  );
}

function drawQueries({ queries, at: now }) {
  const heads = [
    'query',
    'state',
    'batch',
    'in',
    'processed',
    'batch time',
    'lag',
    'watermark behind',
    'state rows',
    'state',
    'late',
    'restarts',
    'last commit',
  ];
  const rows = queries.map((query) => [
    query.query,
    query.phase.replaceAll('-', ' '),
    query.lastBatch ?? '–',
    rate(query.inputRowsPerSecond),
    rate(query.processedRowsPerSecond),
    duration(query.batchDurationMs),
    count(query.lag),
    query.watermark === undefined ? '–' : duration(Math.max(0, Date.parse(now) - Date.parse(query.watermark))),
    count(query.stateRows),
    bytes(query.stateBytes),
    count(query.lateRows),
    query.restarts,
    query.lastCommit === undefined ? '–' : clock(query.lastCommit),
  ]);
  table(at('queries'), heads, rows, 2);
}

function drawTables({ tables, pipeline }) {
  const about = new Map(pipeline.queries.map(({ name, description }) => [name, description]));
  at('tables').replaceChildren(
    ...tables.map(({ query, table: name, title, lines, rows }) =>
      chart(
        name,
        `${title} · ${count(rows)} rows`,
        lines.map((line) => ({
          name: line.name,
          points: line.points.map(([time, value]) => [Date.parse(time), value]),
        })),
        count,
        about.get(query),
      ),
    ),
  );
}

function drawBatches({ batches, queries }) {
  const lines = (value) =>
    queries.map(({ query }) => ({
      name: query,
      points: batches
        .filter((batch) => batch.query === query)
        .map((batch) => [Date.parse(batch.startedAt), value(batch)])
        .filter(([, shown]) => shown !== undefined),
    }));
  at('batches').replaceChildren(
    chart(
      'Throughput',
      'rows read per second of batch time',
      lines(({ inputRows, durationMs }) => (durationMs === 0 ? 0 : (1000 * inputRows) / durationMs)),
      count,
    ),
    chart(
      'Batch time',
      'from start to commit',
      lines(({ durationMs }) => durationMs),
      duration,
    ),
    chart(
      'Watermark lag',
      'from the watermark to the end of the batch',
      lines(({ watermarkLagMs }) => watermarkLagMs),
      duration,
    ),
    chart(
      'Late',
      'state rows dropped as too late',
      lines(({ lateRows }) => lateRows),
      count,
    ),
    chart(
      'State',
      'memory of the state stores',
      lines(({ stateBytes }) => stateBytes),
      bytes,
    ),
  );
}

function chart(name, about, lines, format, title) {
  const shown = lines.slice(0, 5);
  const legend = element(
    'div',
    { class: 'legend' },
    ...shown.map((line, i) => element('span', { class: `line-${i}` }, line.name)),
  );
  return element(
    'div',
    title === undefined ? {} : { title },
    element('h3', {}, name),
    element('p', { class: 'about' }, about),
    lineChart(name, shown, format),
    legend,
  );
}

function drawLedger({ ledger }) {
  const rows = ledger.map((entry) => [
    entry.query,
    entry.batchId,
    count(entry.rows),
    count(entry.dead),
    entry.watermark === undefined ? '–' : clock(entry.watermark),
    clock(entry.committedAt),
  ]);
  table(at('ledger'), ['query', 'batch', 'rows', 'dead', 'watermark', 'committed'], rows, 1);
}

function drawDeadLetters({ deadLetters }) {
  const reasons = Object.entries(deadLetters.byReason).sort(([, a], [, b]) => b - a);
  at('reasons').replaceChildren(
    ...reasons.map(([reason, n]) => element('div', {}, element('span', {}, reason), element('b', {}, count(n)))),
  );
  const rows = deadLetters.latest
    .slice(0, 10)
    .map(({ at: time, reason, source, text }) => [clock(time), reason, source, text]);
  table(at('dead'), ['at', 'reason', 'from', 'record'], rows, 4);
}

/** The feed of late data: what Spark counts per batch, and the events that the verification has worked out. */
function drawLate({ lateBatches, verification }) {
  const batches = lateBatches.map(({ startedAt, query, batchId, rows, watermark }) => [
    clock(startedAt),
    query,
    batchId,
    count(rows),
    watermark === undefined ? '–' : clock(watermark),
  ]);
  table(at('late-batches'), ['at', 'query', 'batch', 'rows dropped', 'watermark'], batches, 2);
  const shown = new Map();
  const rows = (verification?.lateRows ?? [])
    .filter(({ query }) => {
      shown.set(query, (shown.get(query) ?? 0) + 1);
      return shown.get(query) <= LATE_ROWS_MAX;
    })
    .map((row) => [
      clock(row.eventTime),
      row.query,
      `${row.partition}/${row.offset}`,
      duration(Date.parse(row.watermark) - Date.parse(row.eventTime)),
      clock(row.windowEnd),
      clock(row.watermark),
    ]);
  table(at('late-rows'), ['event', 'query', 'record', 'behind', 'window end', 'watermark'], rows, 3);
}

/** @param texts how many columns, from the left, are words */
function table(target, heads, rows, texts) {
  const kind = (i) => (i < texts ? { class: i === 3 ? 'text raw' : 'text' } : {});
  const line = (cells, name) =>
    element(
      'tr',
      {},
      ...cells.map((cell, i) => element(name, name === 'th' ? { ...kind(i), scope: 'col' } : kind(i), cell)),
    );
  if (rows.length === 0) {
    target.replaceChildren(element('tbody', {}, element('tr', {}, element('td', { class: 'text' }, 'nothing yet'))));
    return;
  }
  target.replaceChildren(
    element('thead', {}, line(heads, 'th')),
    element('tbody', {}, ...rows.map((row) => line(row, 'td'))),
  );
}

function markAge() {
  const ageMs = Date.now() - receivedMs;
  const isStale = ageMs > STALE_MS;
  at('stale').hidden = !isStale;
  if (isStale)
    at('stale').textContent =
      `No news for ${duration(ageMs)}: ${last === undefined ? 'the dashboard has not answered yet' : 'what stands here is old'}. Trying again.`;
}

// What scrolls must be reachable by keyboard.
for (const region of document.querySelectorAll('.scroll')) region.tabIndex = 0;

/** Kept per query; what the server keeps. */
const BATCHES_MAX = 900;
let batches = [];

/** Each event brings the batches that are new since the one before it. */
function withHistory(snapshot) {
  const all = [...batches, ...snapshot.batches].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  batches = snapshot.queries.flatMap(({ query }) => all.filter((batch) => batch.query === query).slice(-BATCHES_MAX));
  return { ...snapshot, batches };
}

const events = new EventSource('/api/events');
// A connection that was lost begins anew, with all of them.
events.addEventListener('open', () => {
  batches = [];
});
events.addEventListener('message', ({ data }) => {
  receivedMs = Date.now();
  draw(withHistory(JSON.parse(data)));
  markAge();
});
setInterval(markAge, 1000);
