// The site that the simulated people visit: its pages, and how unevenly they are liked.
import type { Random } from './random.js';

/** Zipf's exponent; for visits to the pages of a site, measurements lie around 1. */
const ZIPF_EXPONENT = 1.07;
const SITE = 'https://shop.example';

export interface Pages {
  readonly count: number;
  url(page: number): string;
  /** Draws a page; page 0 is the best liked. */
  draw(random: Random): number;
}

export function createPages(count: number): Pages {
  const urls = Array.from({ length: count }, (_, page) => SITE + path(page));
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let page = 0; page < count; page++) {
    total += 1 / (page + 1) ** ZIPF_EXPONENT;
    cumulative[page] = total;
  }
  return {
    count,
    // Page numbers come from `draw`, so they lie below `count`, here and in the bisection.
    url: (page) => urls[page] as string,
    draw(random) {
      const wanted = random.next() * total;
      let low = 0;
      let high = count - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cumulative[middle] as number) <= wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** A few pages every shop has, one with letters outside ASCII and quotes (JSON must escape it), then products and articles without end. */
function path(page: number): string {
  const fixed = ['/', '/search?q=shoes', '/cart', '/sale', '/søk?q="blå skjorte"', '/login', '/checkout'];
  return fixed[page] ?? (page % 5 === 0 ? `/blog/${page}` : `/products/${page}`);
}
