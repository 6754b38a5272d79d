// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value) =>
  value === undefined ? '–' : value < 100_000 ? whole.format(value) : short.format(value);
/** Where sums are to be seen: with all digits. */
export const exact = (value) => (value === undefined ? '–' : whole.format(value));
export const rate = (value) => (value === undefined ? '–' : `${value < 10 ? value.toFixed(1) : count(value)}/s`);
export const bytes = (value) =>
  value < 1024
    ? `${value} B`
    : value < 1024 ** 2
      ? `${(value / 1024).toFixed(0)} KiB`
      : `${(value / 1024 ** 2).toFixed(1)} MiB`;

export function duration(ms) {
  if (ms === undefined || Number.isNaN(ms)) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s.toFixed(1)} s`;
  if (s < 3600) return parts(s / 60, 'min', s % 60, 's');
  if (s < 172_800) return parts(s / 3600, 'h', (s % 3600) / 60, 'min');
  return `${Math.floor(s / 86_400)} days`;
}

/** Without a rest that is nothing. */
function parts(large, unit, small, rest) {
  const after = Math.floor(small) === 0 ? '' : ` ${Math.floor(small)} ${rest}`;
  return `${Math.floor(large)} ${unit}${after}`;
}

export const clock = (iso) => iso.slice(11, 19);

/** Makes an element; text is text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.map((child) => (typeof child === 'object' ? child : String(child))));
  return made;
}

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children.map((child) => (typeof child === 'object' ? child : String(child))));
  return made;
}
