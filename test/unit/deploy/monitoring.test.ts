/** What Grafana and Prometheus are given, against the metrics that there are: a name that is misspelt would show as an empty panel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { OTHER_METRICS, QUERY_METRICS } from '../../../web/metrics.js';
import { readProjectFile } from './compose-file.js';

const kinds = new Map<string, string>([
  ...QUERY_METRICS.map(({ name, kind }) => [name, kind] as const),
  ...Object.entries(OTHER_METRICS).map(([name, { kind }]) => [name, kind] as const),
]);

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}
const { panels } = JSON.parse(readProjectFile('deploy/grafana/sluice.json')) as { panels: readonly Panel[] };

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
const { groups } = parse(readProjectFile('deploy/prometheus/alerts.yaml')) as {
  groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const expressions = [
  ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...rules.map(({ expr }) => expr),
];
const namesIn = (expression: string): string[] => expression.match(/\bsluice_\w+/g) ?? [];

test('panels and rules name metrics that there are, and counters only by their growth', () => {
  for (const expression of expressions) {
    const names = namesIn(expression);
    assert.ok(names.length > 0, expression);
    for (const name of names) {
      assert.ok(kinds.has(name), `${name} in ${expression}`);
      const isGrowth = new RegExp(`(?:rate|increase)\\(${name}\\[`).test(expression);
      assert.equal(isGrowth, kinds.get(name) === 'counter', expression);
    }
  }
});

test('the Grafana dashboard shows every metric but one that others sum up', () => {
  const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))));
  assert.deepEqual(
    [...kinds.keys()].filter((name) => !shown.has(name)),
    ['sluice_query_dead_records_total', 'sluice_topic_records'],
  );
});

test('no two panels lie over each other', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  assert.equal(new Set(cells).size, cells.length);
  for (const { gridPos, title } of panels) assert.ok(gridPos.x + gridPos.w <= 24, title);
});

test('every rule has a severity and says what is wrong', () => {
  assert.ok(rules.length > 0);
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity, /^(?:warning|critical)$/, alert);
    assert.match(annotations.summary, /\S/, alert);
  }
});

test('Prometheus collects from the port of the dashboard, with the rules', () => {
  const { rule_files, scrape_configs } = parse(readProjectFile('deploy/prometheus/prometheus.yaml')) as {
    rule_files: string[];
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  assert.deepEqual(rule_files, ['alerts.yaml']);
  assert.deepEqual(scrape_configs[0]?.static_configs[0]?.targets, ['127.0.0.1:4050']);
});
