import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseSparkConf, renderSparkConf, sparkConfFile } from '../../../stack/spark-conf.js';

test('the files of spark/conf read as names and values', () => {
  const conf = parseSparkConf(readFileSync(sparkConfFile('spark-defaults.conf'), 'utf8'), 'spark-defaults.conf');
  assert.equal(conf['spark.speculation'], 'false');
  assert.equal(conf['spark.connect.session.manager.defaultSessionTimeout'], '-1');
  const cluster = parseSparkConf(readFileSync(sparkConfFile('cluster.conf'), 'utf8'), 'cluster.conf');
  assert.equal(cluster['spark.authenticate'], 'true');
  assert.deepEqual(
    Object.keys(cluster).filter((name) => name in conf),
    [],
  );
});

test('a line that is no setting, or one that is there twice, is refused with its number', () => {
  assert.throws(() => parseSparkConf('# fine\nspark.a 1\nnonsense\n', 'x.conf'), /^Error: x\.conf, line 3: expected/);
  assert.throws(() => parseSparkConf('spark.a 1\nspark.a 2\n', 'x.conf'), /line 2: spark\.a is there twice/);
});

test('a value with a backslash or beyond ASCII is written so that Java reads it back', () => {
  assert.equal(renderSparkConf({ 'spark.a': 'C:\\ä b' }), 'spark.a C:\\\\\\u00e4 b\n');
});
