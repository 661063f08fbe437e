/**
 * The lease that a process holds while it serves sockets, in milliseconds.
 *
 * Connections count only while it runs. A gateway whose last successful renewal was sent more than
 * `fenceMs` ago by its monotonic clock must close all of its sockets: from `ms` on, chats are deleted
 * as if they were gone. What lies between the two is for the socket's last frames and a slow timer.
 */
export const lease = { ms: 12_000, renewEveryMs: 3_000, fenceMs: 9_000 } as const;
