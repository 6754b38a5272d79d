/** SQL names come from the pipeline, not from users, and still pass one gate: letters, digits, underscore and dollar, at most 63 characters. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;

/** Quotes `table` or `schema.table` for Postgres. @throws RangeError for any other name. */
export function quoteIdentifier(name: string): string {
  const parts = name.split('.');
  if (parts.length > 2 || !parts.every((part) => IDENTIFIER.test(part))) {
    throw new RangeError(`${JSON.stringify(name)} is not a name that sluice writes into SQL`);
  }
  return parts.map((part) => `"${part}"`).join('.');
}
