// What the commands below `sluice dlq` share: where the services are, and which topics hold the pipeline's dead letters.
import type { Endpoints } from '../../config/endpoints.js';
import type { Settings } from '../../config/settings.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { findQueries } from '../query-control.js';
import { findEndpoints } from '../services.js';
import { type DeadLetter, deadLetterTopics, keepLetter, readDeadLetters } from './read.js';

export interface DeadLetterPlace {
  readonly endpoints: Endpoints;
  readonly pipeline: string;
  /** Of dead letters, those that exist. */
  readonly topics: readonly string[];
  /** Reads them all; a letter is only to be kept as `keepLetter` says. */
  read(onLetter: (letter: DeadLetter, topic: string) => void): Promise<void>;
  /** Those that pass, newest first. @throws CommandError when they are too many to be held. */
  collect(isWanted: (letter: DeadLetter) => boolean): Promise<DeadLetter[]>;
}

/** Letters are held in memory to be shown or replayed. */
const LETTERS_MAX = 200_000;

export async function openDeadLetters(
  settings: Settings,
  file: string | undefined,
  signal: AbortSignal,
): Promise<DeadLetterPlace> {
  const endpoints = await findEndpoints(settings);
  const { pipeline } = await findQueries(settings, file);
  const topics = deadLetterTopics(pipeline, settings.topics);
  const place: DeadLetterPlace = {
    endpoints,
    pipeline: pipeline.name,
    topics,
    async read(onLetter) {
      for (const topic of topics) {
        const isOnly = topics.length === 1;
        await readDeadLetters(endpoints.bootstrapServers, topic, isOnly, signal, (letter) => onLetter(letter, topic));
      }
    },
    async collect(isWanted) {
      const letters: DeadLetter[] = [];
      await place.read((letter) => {
        if (!isWanted(letter)) return;
        if (letters.length === LETTERS_MAX)
          throw new CommandError(
            EXIT.input,
            `More than ${LETTERS_MAX} dead letters are meant; choose by --reason, --since and --until.`,
          );
        letters.push(keepLetter(letter));
      });
      return letters.sort((a, b) => b.deadMs - a.deadMs || a.id.localeCompare(b.id));
    },
  };
  return place;
}
