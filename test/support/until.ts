/** Waits until something is as it should be, and gives it; the time allowed is the test's. */
export async function until<T>(look: () => T | null | Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
