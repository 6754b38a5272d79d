// Data on its way to stdout.

/** Resolves when the reader keeps up. */
export async function putOut(data: string | Uint8Array): Promise<void> {
  if (data.length === 0 || process.stdout.write(data)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
