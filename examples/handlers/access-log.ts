// Runs in Node processes beside Spark's executors: it sees its arguments, its parameters and its imports.

export function domain(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).hostname : null;
}

/** The requests among the lines of a log. */
export async function* parseLines(batches: AsyncIterable<readonly { readonly line: string | null }[]>) {
  for await (const rows of batches) {
    yield rows.flatMap(({ line }) => {
      const [, user, url, status] = /^(\S+) (\S+) (\d{3})$/.exec(line ?? '') ?? [];
      return user === undefined || url === undefined ? [] : [{ user, url, status: Number(status) }];
    });
  }
}
