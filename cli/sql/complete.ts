// What Tab offers: after FROM and its like the tables, elsewhere the columns of the tables that the statement names, then keywords.

export interface NamedTable {
  readonly name: string;
  readonly columns: readonly string[];
}

const KEYWORDS =
  'ALL AND ANTI AS ASC BETWEEN BY CASE CAST COUNT CREATE CROSS DESC DESCRIBE DISTINCT DROP ELSE END EXCEPT EXISTS EXPLAIN FALSE FROM FULL GROUP HAVING IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION QUALIFY RIGHT RLIKE ROLLUP SELECT SEMI SET SHOW TABLE TABLES TEMPORARY THEN TRUE UNION USING VALUES VIEW WHEN WHERE WINDOW WITH'.split(
    ' ',
  );

/** In the form that Node's readline takes: what could stand here, and the word that it would replace. */
export function complete(text: string, tables: readonly NamedTable[]): [string[], string] {
  const word = /[\w.]*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - word.length);
  const [qualifier, part = ''] = word.includes('.') ? word.split('.', 2) : [undefined, word];
  if (qualifier !== undefined) {
    const table = tables.find(({ name }) => name.toLowerCase() === qualifier.toLowerCase());
    return [matching(table?.columns ?? [], part).map((column) => `${qualifier}.${column}`), word];
  }
  const names = tables.map(({ name }) => name);
  if (/\b(from|join|into|table|describe|desc|view)\s+$/i.test(before)) return [matching(names, part), word];
  const named = tables.filter(({ name }) => new RegExp(`\\b${escaped(name)}\\b`, 'i').test(text));
  const columns = [...new Set(named.flatMap((table) => table.columns))];
  // Without a letter there is nothing to complete; all keywords would only be in the way.
  const keywords = part === '' ? [] : matching(KEYWORDS, part).map((keyword) => sameCase(keyword, part));
  return [[...matching(columns, part), ...(part === '' ? [] : matching(names, part)), ...keywords], word];
}

function matching(words: readonly string[], part: string): string[] {
  return words.filter((word) => word.toLowerCase().startsWith(part.toLowerCase())).sort();
}

/** Whoever writes small letters goes on with them. */
function sameCase(keyword: string, part: string): string {
  return part === part.toLowerCase() ? keyword.toLowerCase() : keyword;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
