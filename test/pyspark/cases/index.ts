// Every case that is written by hand, by what it is of.
import type { Case } from '../case.js';
import { columnCases } from './columns.js';
import { frameCases } from './frames.js';
import { functionCases, ownSignatureCases } from './functions.js';
import { lambdaCases } from './lambdas.js';

export { ownSignatureCases };

export const WRITTEN_CASES: readonly Case[] = [
  ...frameCases,
  ...columnCases,
  ...functionCases,
  ...lambdaCases,
  ...ownSignatureCases,
];
