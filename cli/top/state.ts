// What the screen of `sluice top` depends on, and what a key or a new snapshot makes of it. Pure: the terminal is elsewhere.
import type { QueryNow } from '../../web/index.js';
import type { TopSnapshot } from './snapshot.js';

/** Snapshots kept for the sparklines. */
export const HISTORY_MAX = 120;

/** In the order in which `s` goes through them. All but the name begin with the largest. */
export const SORTS = {
  name: undefined,
  in: ({ inputRowsPerSecond }) => inputRowsPerSecond,
  done: ({ processedRowsPerSecond }) => processedRowsPerSecond,
  took: ({ batchDurationMs }) => batchDurationMs,
  lag: ({ lag }) => lag ?? -1,
  // The oldest watermark is furthest behind; one that has none yet comes last.
  behind: ({ watermark }) => (watermark === undefined ? Number.NEGATIVE_INFINITY : -Date.parse(watermark)),
  state: ({ stateRows }) => stateRows,
  dead: ({ dead }) => dead,
} as const satisfies Record<string, ((query: QueryNow) => number) | undefined>;

export type SortKey = keyof typeof SORTS;

export interface TopState {
  /** Oldest first; the last is the one that is shown. */
  readonly snapshots: readonly TopSnapshot[];
  readonly isPaused: boolean;
  readonly sort: SortKey;
  readonly isReversed: boolean;
  /** Name of a query; one that is gone counts as none. */
  readonly selected: string | undefined;
  readonly view: 'table' | 'details' | 'help';
}

export const BEGIN: TopState = {
  snapshots: [],
  isPaused: false,
  sort: 'name',
  isReversed: false,
  selected: undefined,
  view: 'table',
};

/** While it is paused the screen stays as it is. */
export function withSnapshot(state: TopState, snapshot: TopSnapshot): TopState {
  if (state.isPaused) return state;
  // Another pipeline's rates say nothing about this one's.
  const before = state.snapshots.at(-1)?.pipeline === snapshot.pipeline ? state.snapshots : [];
  return { ...state, snapshots: [...before, snapshot].slice(-HISTORY_MAX) };
}

/** The queries of the newest snapshot as they stand on the screen. */
export function sortedQueries({ snapshots, sort, isReversed }: TopState): readonly QueryNow[] {
  const queries = [...(snapshots.at(-1)?.queries ?? [])].sort((a, b) => (a.query < b.query ? -1 : 1));
  const by: ((query: QueryNow) => number) | undefined = SORTS[sort];
  if (by !== undefined) queries.sort((a, b) => by(b) - by(a) || 0);
  return isReversed ? queries.reverse() : queries;
}

/** The selected query, or the first. */
export function selectedQuery(state: TopState): QueryNow | undefined {
  const queries = sortedQueries(state);
  return queries.find(({ query }) => query === state.selected) ?? queries[0];
}

/** A key as Node's readline names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/** What the key makes of the state; `quit` ends the command. Keys without a meaning change nothing. */
export function withKey(state: TopState, { name, sequence, ctrl }: Key): TopState | 'quit' {
  if (ctrl === true) return name === 'c' || name === 'd' ? 'quit' : state;
  if (sequence === '?') return { ...state, view: state.view === 'help' ? 'table' : 'help' };
  switch (name) {
    case 'q':
      return 'quit';
    case 'escape':
    case 'backspace':
      return { ...state, view: 'table' };
    case 'h':
      return { ...state, view: state.view === 'help' ? 'table' : 'help' };
    case 'return':
    case 'enter':
      return state.view === 'table' && selectedQuery(state) !== undefined
        ? { ...state, view: 'details', selected: selectedQuery(state)?.query }
        : state;
    case 'p':
    case 'space':
      return { ...state, isPaused: !state.isPaused };
    case 's': {
      const keys = Object.keys(SORTS) as SortKey[];
      return { ...state, sort: keys[(keys.indexOf(state.sort) + 1) % keys.length] ?? 'name' };
    }
    case 'r':
      return { ...state, isReversed: !state.isReversed };
    case 'up':
    case 'k':
      return moved(state, -1);
    case 'down':
    case 'j':
      return moved(state, 1);
    default:
      return state;
  }
}

function moved(state: TopState, by: number): TopState {
  const names = sortedQueries(state).map(({ query }) => query);
  const at = names.indexOf(selectedQuery(state)?.query ?? '');
  return { ...state, selected: names[Math.min(Math.max(at + by, 0), names.length - 1)] };
}
