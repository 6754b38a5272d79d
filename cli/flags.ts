// Options with units and limits, checked by the same kinds as the variables of the environment.
import { Flags } from '@oclif/core';
import { integer, type Kind, NotAllowed, parseDurationMs, share } from '../config/kinds.js';
import type { Env } from '../config/variables.js';

/** An option that is a number of a kind. The message becomes "--option must be …, not …". */
function flagOf(kind: Kind<number>, helpValue: string) {
  return Flags.custom<number>({
    helpValue,
    async parse(text) {
      try {
        return kind.parse(text);
      } catch (error) {
        if (!(error instanceof NotAllowed)) throw error;
        throw new Error(`${error.message}, not ${JSON.stringify(text)}`);
      }
    },
  });
}

/** Milliseconds, written with a unit. */
export const durationFlag = flagOf(
  {
    parse(text) {
      const durationMs = parseDurationMs(text);
      if (durationMs === undefined || durationMs <= 0) throw new NotAllowed('a duration such as 90s, 500ms or 2m');
      return durationMs;
    },
  },
  '<duration>',
);

export const shareFlag = flagOf(share, '<share>');

export const numberFlag = flagOf(
  {
    parse(text) {
      const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isFinite(value)) throw new NotAllowed('a number from 0 on');
      return value;
    },
  },
  '<number>',
);

export const wholeFlag = (least: number, most: number) => flagOf(integer(least, most), '<n>');

/** For commands that start services; see `clusterOverrides`. */
export const workersFlag = {
  workers: wholeFlag(
    0,
    64,
  )({ summary: 'Let Spark work on a cluster of so many workers, each a process. [default: SPARK_WORKERS]' }),
} as const;

/** What `--workers` says in the words of the environment. */
export function clusterOverrides(flags: { readonly workers?: number | undefined }): Env {
  return flags.workers === undefined ? {} : { SPARK_WORKERS: String(flags.workers) };
}
