// The way of the data as a picture: topics, queries, what they write. Rates and lags stand on the arrows.
import { count, rate, svg } from './text.js';

const ROW = 74;
const BOX = { width: 214, height: 52 };
const COLUMNS = [10, 424, 794];
const WIDTH = COLUMNS[2] + BOX.width + 10;

export function flow({ pipeline, queries, topicRecords, runSince }) {
  const rows = pipeline.queries.length;
  const height = rows * ROW + 16;
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: 'img',
    'aria-label': spoken(pipeline, queries),
  });
  const now = new Map(queries.map((query) => [query.query, query]));
  const middle = (index, of) => 8 + ((index + 0.5) * rows * ROW) / of;
  const topicAt = new Map(pipeline.topics.map((topic, i) => [topic, middle(i, pipeline.topics.length)]));
  for (const [topic, y] of topicAt)
    box(
      picture,
      COLUMNS[0],
      y,
      'topic',
      topic,
      pipeline.topics.length === 1 ? `${count(topicRecords)} records` : 'topic',
    );
  pipeline.queries.forEach((query, i) => {
    const y = middle(i, rows);
    const state = now.get(query.name);
    const phase = runSince === undefined ? 'not-running' : (state?.phase ?? 'starting');
    for (const topic of query.topics)
      arrow(
        picture,
        topicAt.get(topic) ?? y,
        y,
        0,
        `${rate(state?.inputRowsPerSecond)} · lag ${count(state?.lag)}`,
        phase === 'running',
      );
    box(picture, COLUMNS[1], y, `query ${phase}`, query.name, phase.replaceAll('-', ' '));
    arrow(picture, y, y, 1, `${count(state?.rows ?? 0)} rows`, phase === 'running');
    const [title, under] = sinkText(query.sink, state);
    box(picture, COLUMNS[2], y, 'sink', title, under);
  });
  return picture;
}

function sinkText(sink, state) {
  if (sink.kind === 'table') return [sink.table, 'Postgres table'];
  const parts = [sink.lake ? 'lake' : '', sink.enrichedTopic ?? ''].filter((part) => part !== '');
  return [parts.join(' + ') || sink.deadLetterTopic, `dead letters: ${count(state?.dead ?? 0)}`];
}

function box(picture, x, middle, kind, title, under) {
  const y = middle - BOX.height / 2;
  picture.append(
    svg('rect', { x, y, width: BOX.width, height: BOX.height, rx: 8, class: `box ${kind}` }),
    svg('text', { x: x + 12, y: y + 22, class: 'title' }, title.length > 26 ? `${title.slice(0, 25)}…` : title),
    svg('text', { x: x + 12, y: y + 40, class: 'under' }, under),
  );
}

function arrow(picture, fromY, toY, column, label, isLive) {
  const from = COLUMNS[column] + BOX.width;
  const to = COLUMNS[column + 1] - 4;
  const bend = from + 36;
  picture.append(
    svg('path', {
      d: `M${from} ${fromY}C${bend} ${fromY} ${bend - 24} ${toY} ${bend} ${toY}L${to} ${toY}`,
      class: `arrow${isLive ? ' live' : ''}`,
    }),
    svg('path', {
      d: `M${to - 6} ${toY - 4}L${to} ${toY}L${to - 6} ${toY + 4}`,
      class: `arrow${isLive ? ' live' : ''}`,
    }),
    svg('text', { x: to - 8, y: toY - 8, 'text-anchor': 'end', class: 'label' }, label),
  );
}

function spoken(pipeline, queries) {
  const each = queries.map(
    ({ query, inputRowsPerSecond, lag }) => `${query} takes ${rate(inputRowsPerSecond)}, lag ${count(lag)}`,
  );
  return `${pipeline.topics.join(', ')} to ${pipeline.queries.length} queries: ${each.join('; ') || 'none has run'}`;
}
