// Colours, where there is somebody to see them.

export interface Style {
  readonly isColoured: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** The part of a stream that is needed here; tests give their own. */
export interface ColourStream {
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

/** No colours in a pipe or file, on a dumb terminal, or when NO_COLOR is set (no-color.org): Node knows these conventions. */
export function styleFor(stream: ColourStream): Style {
  const isColoured = stream.isTTY === true && stream.hasColors?.() === true;
  const paint = (open: number, close: number) => (text: string) =>
    isColoured ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    isColoured,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
  };
}
