/** What every measurement needs: its numbers from the command line, and the middle of its figures. */

/** Ends the program with exit code 2 unless `given` is a whole number from 1. */
export function wholeNumber(option: string, given: string): number {
  const number = Number(given);
  return Number.isInteger(number) && number >= 1
    ? number
    : refuse(`--${option} takes a whole number from 1, not ${given}`);
}

export function refuse(what: string): never {
  console.error(what);
  process.exit(2);
}

/** The upper one of an even number; NaN of none. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
