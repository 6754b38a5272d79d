// `npm run api:coverage`: the coverage of PySpark's API as a table. With `--write` it goes into docs/connect-coverage.md instead.
import { writeFile } from 'node:fs/promises';
import { readPySparkApi } from './api.js';
import { allCases } from './cases/all.js';
import { coverageOf } from './coverage.js';
import { coverageDocument, DOCUMENT } from './coverage-document.js';

const api = await readPySparkApi();
const text = coverageDocument(coverageOf(api, allCases(api)));
if (process.argv.includes('--write')) await writeFile(DOCUMENT, text);
else process.stdout.write(text);
