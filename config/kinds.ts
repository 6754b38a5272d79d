/**
 * What the value of a variable may look like: from text to a typed value, or a sentence that says what is allowed. Knows no variable by name;
 * `variables.ts` puts name and kind together.
 */

/** Reads one text. Throws `NotAllowed` ("must be …"); the caller adds the variable's name and the text. */
export interface Kind<T> {
  readonly parse: (text: string) => T;
}

/** The text is not of the kind; the message completes a sentence that begins with the variable's name. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';

  constructor(allowed: string) {
    super(`must be ${allowed}`);
  }
}

function kind<T>(allowed: string, read: (text: string) => T | undefined): Kind<T> {
  return {
    parse: (text) => {
      const value = read(text);
      if (value === undefined) throw new NotAllowed(allowed);
      return value;
    },
  };
}

export function text(allowed = 'a text', pattern = /^[^\0\n\r]+$/): Kind<string> {
  return kind(allowed, (value) => (pattern.test(value) ? value : undefined));
}

export function integer(min: number, max: number, what = 'a whole number'): Kind<number> {
  return kind(`${what} from ${min} to ${max}`, (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) && number >= min && number <= max ? number : undefined;
  });
}

/** A TCP port. 0 asks for any free one. */
export const port: Kind<number> = integer(0, 65_535, 'a port: a whole number');

/** A share of a whole, 0 to 1; `3%` and `3 %` are 0.03. */
export const share: Kind<number> = kind('a share from 0 to 1, such as 0.03 or 3%', (value) => {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(value);
  if (!match) return undefined;
  const number = Number(match[1]) / (match[2] ? 100 : 1);
  return number <= 1 ? number : undefined;
});

export function choice<const T extends string>(...choices: readonly T[]): Kind<T> {
  return kind(choices.length === 2 ? choices.join(' or ') : `one of ${choices.join(', ')}`, (value) =>
    choices.find((one) => one === value),
  );
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Milliseconds of `2 minutes`, `90s`, `500 ms`, `1.5h`; undefined for anything else, a bare number too, since its unit would be a guess. */
export function parseDurationMs(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(value.trim());
  const unitMs = match?.[2] === undefined ? undefined : UNIT_MS[match[2].toLowerCase()];
  if (match === null || unitMs === undefined || !Object.hasOwn(UNIT_MS, (match[2] ?? '').toLowerCase()))
    return undefined;
  // Milliseconds are the finest that a watermark knows; "0.5 ms" is refused rather than rounded.
  const durationMs = Number((Number(match[1]) * unitMs).toFixed(6));
  return Number.isSafeInteger(durationMs) ? durationMs : undefined;
}

/** The shortest text that parses back to the same: `2 minutes`, `90 seconds`, `500 ms`. */
export function formatDuration(durationMs: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [unitMs, unit] of units) {
    if (durationMs >= unitMs && durationMs % unitMs === 0) {
      const number = durationMs / unitMs;
      return `${number} ${unit}${number === 1 ? '' : 's'}`;
    }
  }
  return `${durationMs} ms`;
}

/** A span of time in milliseconds. */
export function duration(minMs: number, maxMs: number): Kind<number> {
  const allowed = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 90s, 500 ms or 2 minutes`;
  return kind(allowed, (value) => {
    const durationMs = parseDurationMs(value);
    return durationMs !== undefined && durationMs >= minMs && durationMs <= maxMs ? durationMs : undefined;
  });
}

const UNIT_BYTES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function formatBytes(bytes: number): string {
  for (const unit of ['t', 'g', 'm', 'k']) {
    const unitBytes = UNIT_BYTES[unit] ?? 1;
    if (bytes >= unitBytes && bytes % unitBytes === 0) return `${bytes / unitBytes}${unit}`;
  }
  return `${bytes}`;
}

/** A size in bytes, written as the JVM writes it: `512m`, `2g`; `2 GB` and `512MiB` mean the same powers of 1024. */
export function byteSize(minBytes: number, maxBytes: number): Kind<number> {
  const allowed = `a size from ${formatBytes(minBytes)} to ${formatBytes(maxBytes)}, such as 512m or 2g`;
  return kind(allowed, (value) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/i.exec(value);
    const unitBytes = UNIT_BYTES[match?.[2]?.toLowerCase() ?? ''];
    if (match === null || unitBytes === undefined) return undefined;
    const bytes = Math.floor(Number(match[1]) * unitBytes);
    return bytes >= minBytes && bytes <= maxBytes ? bytes : undefined;
  });
}

/** A name of Kafka's: it becomes a folder name, so Kafka allows little. */
export const topicName: Kind<string> = kind("a topic name: 1 to 249 letters, digits, '.', '_' or '-'", (value) =>
  /^[a-zA-Z0-9._-]{1,249}$/.test(value) && value !== '.' && value !== '..' ? value : undefined,
);

/** A name of Postgres's that needs no quotes. */
export const sqlName: Kind<string> = text(
  "a name of at most 63 lower-case letters, digits and '_', not beginning with a digit",
  /^[a-z_][a-z0-9_]{0,62}$/,
);

export const bootstrapServers: Kind<string> = kind('host:port, or several with commas between', (value) => {
  const servers = value.split(',').map((server) => server.trim());
  const isServer = (server: string): boolean => {
    const match = /^(?:[a-zA-Z0-9_.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(server);
    return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535;
  };
  return servers.every(isServer) ? servers.join(',') : undefined;
});

export function url(allowed: string, ...protocols: readonly string[]): Kind<string> {
  return kind(allowed, (value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    return parsed && protocols.includes(parsed.protocol) && parsed.hostname !== '' ? value : undefined;
  });
}

/** Where Spark may run: in its own process with some cores, or on a cluster. */
export const sparkMaster: Kind<string> = text(
  'local[*], local[4], spark://host:port, k8s://… or yarn',
  /^(?:local(?:\[(?:\*|[1-9]\d{0,3})\])?|spark:\/\/\S+|k8s:\/\/\S+|yarn)$/,
);

/** A path of the file system, or a URI that Spark understands. */
export const path: Kind<string> = text('a path');
