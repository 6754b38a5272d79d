/**
 * Leads from lines of a bundle to lines of the sources, in texts: error stacks, and what handlers print of them. In texts and not by
 * `Error.prepareStackTrace`, which is one global that libraries replace as they like; and the map is read only once somebody asks for a stack.
 */
import { SourceMap, type SourceMapPayload } from 'node:module';

/** What the bundle is called while it runs. No such file exists. */
export const PROGRAM_FILE = '/sluice/handler.cjs';

export type MapStack = (text: string) => string;

/** @param map JSON; an unreadable one leaves the texts as they are. */
export function createStackMap(map: string, file = PROGRAM_FILE): MapStack {
  const place = new RegExp(`${file.replaceAll('.', '\\.')}:(\\d+):(\\d+)`, 'g');
  let sources: SourceMap | undefined;
  return (text) => {
    if (!text.includes(file)) return text;
    try {
      sources ??= new SourceMap(JSON.parse(map) as SourceMapPayload);
    } catch {
      // A stack with the bundle's own lines says more than the error that replaces it would.
      return text;
    }
    const known = sources;
    return text.replace(place, (found, line: string, column: string) => {
      const entry = known.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry) || entry.originalSource === undefined) return found;
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  };
}
