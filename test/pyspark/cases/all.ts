// All cases: those that are written by hand, and those made from PySpark's signatures.
import type { PySparkApi } from '../api.js';
import type { Case } from '../case.js';
import { functionCases } from '../function-cases.js';
import { ownSignatureCases } from './functions.js';
import { WRITTEN_CASES } from './index.js';
import { lambdaCases } from './lambdas.js';

export function allCases(api: PySparkApi): Case[] {
  return [...WRITTEN_CASES, ...functionCases(api, [...ownSignatureCases, ...lambdaCases])];
}
