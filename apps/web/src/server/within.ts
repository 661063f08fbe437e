/** Waits for `work`, but no longer than `milliseconds`. A failure of `work` goes to `onError`. */
export async function within(
  milliseconds: number,
  work: Promise<unknown>,
  onError: (error: unknown) => void,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Not done within ${milliseconds} ms`)), milliseconds);
  try {
    await Promise.race([work, promise]);
  } catch (error) {
    onError(error);
  } finally {
    clearTimeout(timer);
  }
}
