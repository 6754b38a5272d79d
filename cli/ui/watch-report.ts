// One line per round of `sluice verify --watch`.
import type { WatchRound } from '../../verify/index.js';
import { formatCount, formatSeconds } from './numbers.js';
import type { Style } from './style.js';

export function formatRound(round: WatchRound<unknown>, style: Style): string {
  const at = style.dim(round.startedAt.slice(11, 19));
  const took = style.dim(formatSeconds(round.durationMs / 1_000));
  const seen = `${formatCount(round.records)} records, ${formatCount(round.batches)} batches, ${formatCount(round.late)} late, ${formatCount(round.pending)} to come`;
  switch (round.outcome) {
    case 'holds':
      return `${at} ${style.green('holds')}  ${seen}  ${took}`;
    case 'waiting':
      return `${at} ${style.yellow('waiting')}  ${seen}  ${round.verdict}`;
    case 'unreachable':
      return `${at} ${style.yellow('unreachable')}  ${round.verdict}`;
    case 'violated':
      return `${at} ${style.red('VIOLATED')}  ${seen}  ${round.failed.join(', ')}`;
  }
}
