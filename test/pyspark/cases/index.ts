// Every case that is written by hand, by what it is of.
import type { Case } from '../case.js';
import { catalogCases } from './catalogs.js';
import { columnCases } from './columns.js';
import { frameCases } from './frames.js';
import { functionCases, ownSignatureCases } from './functions.js';
import { groupCases } from './groups.js';
import { inlineFunctionCases } from './inline-functions.js';
import { joinCases } from './joins.js';
import { lambdaCases } from './lambdas.js';
import { sourceCases } from './sources.js';

export const WRITTEN_CASES: readonly Case[] = [
  ...frameCases,
  ...columnCases,
  ...joinCases,
  ...groupCases,
  ...sourceCases,
  ...catalogCases,
  ...functionCases,
  ...lambdaCases,
  ...inlineFunctionCases,
  ...ownSignatureCases,
];
