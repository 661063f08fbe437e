/**
 * Options of an `LRUCache` whose entries expire: the time is read at each look. Otherwise the cache takes a time that it has
 * read for that of a whole millisecond, and ends this by a timer, which wakes the event loop once for each request.
 */
export const exactly = { ttlResolution: 0 } as const;
