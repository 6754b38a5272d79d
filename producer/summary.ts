import type { MessageKind, SimulatedMessage } from './disorder.js';
import { MALFORMED_KINDS, type MalformedKind } from './malformed.js';
import type { EventType } from './visitors.js';

/** What the broker has acknowledged, by kind. `sent = valid + malformed`; `late` is part of `valid`. */
export interface ProduceSummary {
  readonly topic: string;
  readonly seed: number;
  readonly sent: number;
  readonly valid: number;
  /** Valid but sent at least the lateness after their turn; whether the pipeline drops them depends on its watermark at that moment. */
  readonly late: number;
  readonly malformed: number;
  /** Kinds that occurred only. */
  readonly malformedByKind: Readonly<Partial<Record<MalformedKind, number>>>;
  /** Of the valid ones. */
  readonly eventTypes: Readonly<Partial<Record<EventType, number>>>;
  /** Bytes of the values, without keys and framing. */
  readonly valueBytes: number;
  /** First and last event time of what was valid and not late, ISO 8601; undefined when there was none. */
  readonly eventTimeFrom?: string;
  readonly eventTimeTo?: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** Stopped from outside before all was sent. */
  readonly aborted: boolean;
  /** Messages on their way when it was stopped, of which nobody knows whether they arrived; 0 after an orderly end. */
  readonly unacknowledged: number;
}

/** Where the producer is, for a progress bar. */
export interface ProduceProgress {
  readonly sent: number;
  /** Undefined when there is no end. */
  readonly count?: number;
  readonly seconds: number;
  /** Newest event time sent, ISO 8601; undefined before the first message. */
  readonly eventTime?: string;
}

/** Counts what was acknowledged. */
export class Tally {
  sent = 0;
  #valueBytes = 0;
  #fromMicros = Number.POSITIVE_INFINITY;
  #toMicros = Number.NEGATIVE_INFINITY;
  readonly #kinds = new Map<MessageKind, number>();
  readonly #types = new Map<EventType, number>();

  add(messages: readonly SimulatedMessage[]): void {
    for (const { kind, eventType, eventTimeMicros, value } of messages) {
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      this.#valueBytes += value?.length ?? 0;
      if (kind !== 'on_time' && kind !== 'late') continue;
      this.#types.set(eventType, (this.#types.get(eventType) ?? 0) + 1);
      if (kind === 'late') continue;
      if (eventTimeMicros < this.#fromMicros) this.#fromMicros = eventTimeMicros;
      if (eventTimeMicros > this.#toMicros) this.#toMicros = eventTimeMicros;
    }
    this.sent += messages.length;
  }

  progress(seconds: number, count: number): ProduceProgress {
    return {
      sent: this.sent,
      seconds,
      ...(Number.isFinite(count) ? { count } : {}),
      ...(Number.isFinite(this.#toMicros) ? { eventTime: iso(this.#toMicros) } : {}),
    };
  }

  summary(of: Pick<ProduceSummary, 'topic' | 'seed' | 'seconds' | 'aborted' | 'unacknowledged'>): ProduceSummary {
    const count = (kind: MessageKind): number => this.#kinds.get(kind) ?? 0;
    const malformedByKind: Partial<Record<MalformedKind, number>> = {};
    for (const kind of MALFORMED_KINDS) if (count(kind) > 0) malformedByKind[kind] = count(kind);
    const valid = count('on_time') + count('late');
    return {
      ...of,
      sent: this.sent,
      valid,
      late: count('late'),
      malformed: this.sent - valid,
      malformedByKind,
      eventTypes: Object.fromEntries([...this.#types].sort((a, b) => b[1] - a[1])),
      valueBytes: this.#valueBytes,
      ...(Number.isFinite(this.#toMicros)
        ? { eventTimeFrom: iso(this.#fromMicros), eventTimeTo: iso(this.#toMicros) }
        : {}),
      eventsPerSecond: of.seconds > 0 ? Math.round(this.sent / of.seconds) : 0,
    };
  }
}

function iso(micros: number): string {
  return new Date(micros / 1_000).toISOString();
}
