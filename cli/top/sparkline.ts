// A row of bars, one per sample.
const BARS = '▁▂▃▄▅▆▇█';

/** The newest `width` samples, as high as they are next to the largest of them; blanks on the left where there are fewer. Nothing of it is negative. */
export function sparkline(samples: readonly number[], width: number): string {
  const shown = samples.slice(-width);
  const most = Math.max(0, ...shown);
  const bars = shown.map((value) => {
    // Only nothing is drawn as nothing.
    const height = most === 0 || value <= 0 ? 0 : Math.max(1, Math.round((value / most) * (BARS.length - 1)));
    return BARS[height] ?? '';
  });
  return ' '.repeat(width - shown.length) + bars.join('');
}

/** A bar of up to `width` columns for a share between 0 and 1. */
export function bar(share: number, width: number): string {
  return '█'.repeat(Math.round(Math.min(1, Math.max(0, share)) * width));
}
