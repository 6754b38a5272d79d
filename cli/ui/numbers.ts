// Numbers as people read them; always the same, whatever the locale, so that output can be compared.

/** `1,234,567` */
export function formatCount(value: number | bigint): string {
  const digits = typeof value === 'bigint' ? value.toString() : String(Math.round(value));
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `12,345 events/s`; below ten with one decimal. */
export function formatRate(perSecond: number, unit = 'events/s'): string {
  const number = perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(perSecond);
  return `${number} ${unit}`;
}

/** `850 ms`, `4.2 s`, `1 min 05 s`, `2 h 03 min` */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3_600)} h ${String(Math.floor((whole % 3_600) / 60)).padStart(2, '0')} min`;
}

/** Powers of 1,024: `512 B`, `1.5 MiB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_023.95 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `1.2 %`; what is not nothing never reads as `0.0 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (part / whole) * 100;
  return percent < 0.05 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}

/** An instant as `2026-01-31 12:00:05` in UTC, without the letters of ISO 8601. */
export function formatInstant(instant: Date | string): string {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString().slice(0, 19).replace('T', ' ');
}
