// Lines over time as SVG: few hundred points at most, no library needed.
import { bytes, duration, svg } from './text.js';

const WIDTH = 420;
const HEIGHT = 150;
const LEFT = 66;
const BOTTOM = 20;
const TOP = 8;

/** @param {{name: string, points: [number, number][]}[]} lines times in ms, oldest first */
export function lineChart(title, lines, format) {
  const points = lines.flatMap((line) => line.points);
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': describe(title, lines, format),
  });
  if (points.length === 0) {
    picture.append(
      svg('text', { x: WIDTH / 2, y: HEIGHT / 2, class: 'empty', 'text-anchor': 'middle' }, 'nothing yet'),
    );
    return picture;
  }
  const times = points.map(([time]) => time);
  const from = Math.min(...times);
  const until = Math.max(...times, from + 1);
  const top = niceTop(Math.max(...points.map(([, value]) => value), 0), format);
  const x = (time) => LEFT + ((time - from) / (until - from)) * (WIDTH - LEFT - 6);
  const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  for (const part of [0, 0.5, 1]) {
    const at = y(part * top);
    picture.append(
      svg('line', { x1: LEFT, x2: WIDTH - 6, y1: at, y2: at, class: 'grid' }),
      svg(
        'text',
        { x: LEFT - 6, y: at + 4, 'text-anchor': 'end', class: 'axis' },
        part === 0 ? '0' : format(part * top),
      ),
    );
  }
  const clock = (time) => new Date(time).toISOString().slice(11, 16);
  picture.append(
    svg('text', { x: LEFT, y: HEIGHT - 5, class: 'axis' }, clock(from)),
    svg('text', { x: WIDTH - 6, y: HEIGHT - 5, class: 'axis', 'text-anchor': 'end' }, clock(until)),
  );
  lines.forEach((line, index) => {
    if (line.points.length === 1) {
      const [[time, value]] = line.points;
      picture.append(svg('circle', { cx: x(time), cy: y(value), r: 3, class: `dot line-${index}` }));
      return;
    }
    const path = line.points.map(
      ([time, value], i) => `${i === 0 ? 'M' : 'L'}${x(time).toFixed(1)} ${y(value).toFixed(1)}`,
    );
    picture.append(svg('path', { d: path.join(''), class: `line line-${index}` }));
  });
  return picture;
}

/** What the picture says, for those who do not see it. */
function describe(title, lines, format) {
  const last = lines.map(({ name, points }) => (points.length === 0 ? '' : `${name} ${format(points.at(-1)[1])}`));
  return `${title}; latest: ${last.filter((text) => text !== '').join(', ') || 'nothing yet'}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Tops of an axis of time: they and their halves are what a clock would say. */
const TIMES = [
  ...[2, 10, 20, 100, 200, 400].map((ms) => ms),
  ...[1, 2, 4, 10, 20, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 4, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 12, 24].map((hours) => hours * HOUR),
];

/** The smallest top that is round in its unit and not below the value. */
function niceTop(value, format) {
  if (format === duration) {
    const day = 24 * HOUR;
    return TIMES.find((top) => top >= value) ?? Math.ceil(value / (2 * day)) * 2 * day;
  }
  if (value <= 0) return 1;
  if (format === bytes) return 2 ** Math.ceil(Math.log2(Math.max(value, 2)));
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
