// Tables as plain text that fit a width: numbers to the right, long texts cut where the table would be too wide.
import { padEnd, padStart, printable, truncate, widthOf } from './text.js';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be cut to make the table fit; the widest such column is cut first. Others are always shown whole. */
  readonly isElastic?: boolean;
}

export interface TableOptions {
  readonly widthMax: number;
  readonly indent?: number;
  /** For the titles, such as `style.dim`. */
  readonly paintTitle?: (text: string) => string;
}

const GAP = 2;
/** No column is cut below this: one would see nothing of it. */
const ELASTIC_WIDTH_MIN = 8;

/** One line per row after the line of titles, without trailing blanks. Cells are plain text; what control characters they hold is made visible. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[at] ?? ''))),
  );
  const indent = options.indent ?? 0;
  shrink(widths, columns, options.widthMax - indent - GAP * (columns.length - 1));
  const line = (row: readonly string[]) =>
    ' '.repeat(indent) +
    columns
      .map(({ align }, at) => {
        const width = widths[at] ?? 0;
        const cell = truncate(row[at] ?? '', width);
        return align === 'right' ? padStart(cell, width) : padEnd(cell, width);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const titles = line(columns.map(({ title }) => title));
  return [options.paintTitle?.(titles) ?? titles, ...cells.map(line)];
}

function shrink(widths: number[], columns: readonly TableColumn[], widthMax: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) - widthMax;
  while (excess > 0) {
    let widest = -1;
    for (let at = 0; at < columns.length; at++) {
      if (columns[at]?.isElastic && (widths[at] ?? 0) > (widths[widest] ?? ELASTIC_WIDTH_MIN)) widest = at;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
}
