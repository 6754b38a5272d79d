/** The commands that resolve what the start checks find; `sluice reset` says before it deletes what that is. */

export const RESET_ALL_QUERIES =
  'Restore what is missing, or run `sluice reset --sinks`: everything is computed again from what the topic holds now.';

export function resetQuery(query: string): string {
  return `Restore what is missing, or run \`sluice reset --checkpoint --query ${query}\`: what ${query} has written is computed again from the topic.`;
}
