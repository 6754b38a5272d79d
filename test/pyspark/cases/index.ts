// Every case, by what it is of.
import type { Case } from '../case.js';
import { columnCases } from './columns.js';
import { frameCases } from './frames.js';

export const ALL_CASES: readonly Case[] = [...frameCases, ...columnCases];
