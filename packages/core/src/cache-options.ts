/**
 * Options of an `LRUCache` of so many entries at most. It takes memory for those that it has: with `max` it makes four to six
 * arrays for all of them before there is one.
 */
export const atMost = (entries: number): { maxSize: number; sizeCalculation: () => number } => ({
  maxSize: entries,
  sizeCalculation: () => 1,
});

/**
 * Options of one whose entries expire: the time is read at each look. Otherwise the cache takes a time that it has read for
 * that of a whole millisecond, and ends this by a timer, which wakes the event loop once for each request.
 */
export const exactly = { ttlResolution: 0 } as const;
