/** Waits for `work`, but no longer than `milliseconds`, nor once `hurry` is aborted. A failure of `work` goes to `onError`. */
export async function within(
  milliseconds: number,
  work: Promise<unknown>,
  onError: (error: unknown) => void,
  hurry?: AbortSignal,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Not done within ${milliseconds} ms`)), milliseconds);
  const cut = () => reject(new Error("Not done before it was cut short"));
  if (hurry?.aborted) cut();
  hurry?.addEventListener("abort", cut, { once: true });
  try {
    await Promise.race([work, promise]);
  } catch (error) {
    onError(error);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener("abort", cut);
  }
}
