// The days of a lake as a table, with their sum.
import type { LakeDay } from '../lake-listing.js';
import { formatBytes, formatCount } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';

export function formatLake(
  days: readonly LakeDay[],
  { style, widthMax }: { readonly style: Style; readonly widthMax: number },
): string[] {
  const sum = (of: (day: LakeDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const all: LakeDay = {
    day: 'all',
    batches: sum(({ batches }) => batches),
    files: sum(({ files }) => files),
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
  };
  return formatTable(
    [
      { title: 'event_date' },
      { title: 'batches', align: 'right' },
      { title: 'files', align: 'right' },
      { title: 'rows', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'rows/file', align: 'right' },
    ],
    [...days, ...(days.length > 1 ? [all] : [])].map(({ day, batches, files, rows, bytes }) => [
      day,
      formatCount(batches),
      formatCount(files),
      formatCount(rows),
      formatBytes(bytes),
      files === 0 ? '-' : formatCount(rows / files),
    ]),
    { widthMax, paintTitle: style.dim },
  );
}

/** What becomes, or became, of the days of a lake; `bytesAfter` is not known beforehand. */
export function formatCompaction(
  days: readonly {
    readonly day: string;
    readonly batches: number;
    readonly filesBefore: number;
    readonly filesAfter: number;
    readonly bytesBefore: number;
    readonly bytesAfter?: number;
  }[],
  { style, widthMax }: { readonly style: Style; readonly widthMax: number },
): string[] {
  return formatTable(
    [
      { title: 'event_date' },
      { title: 'batches merged', align: 'right' },
      { title: 'files', align: 'right' },
      { title: 'then', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'then', align: 'right' },
    ],
    days.map(({ day, batches, filesBefore, filesAfter, bytesBefore, bytesAfter }) => [
      day,
      formatCount(batches),
      formatCount(filesBefore),
      formatCount(filesAfter),
      formatBytes(bytesBefore),
      bytesAfter === undefined ? '-' : formatBytes(bytesAfter),
    ]),
    { widthMax, paintTitle: style.dim },
  );
}
