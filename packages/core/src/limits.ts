/** Bounds on what a caller may send or ask for. Lengths count UTF-16 code units, as JavaScript does. */
export const limits = {
  titleLength: 200,
  authorLength: 120,
  bodyLength: 32_000,
  searchLength: 200,
  cursorLength: 200,
  pageSize: 100,
  /** Requests that one call of `deleteChats` takes. */
  deleteBatch: 1_000,
  /** A chat with more messages than this is erased after the deletion's commit, in the background, ... */
  eraseBudget: 256,
  /** ... and so are the largest of a call that would erase more than this in all. */
  eraseBatchBudget: 20_000,
} as const;
