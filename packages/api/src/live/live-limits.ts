/** Bounds on live connections. Times are milliseconds, sizes bytes. */
export const liveLimits = {
  /** Handshakes that one process has under way, of callers who may still turn out to be nobody. */
  handshakes: 5_000,
  /** One frame of a client: a message of the greatest length, every character escaped, and its author. */
  frameSize: 256 * 1024,
  /** Frames of one socket that wait for their turn before its peer is made to wait. */
  pendingFrames: 32,
  /** Parts that one message may be sent in (RFC 6455, section 5.4). */
  fragments: 64,
  /** Frames in a row that are refused because of the rate limit, before their peer is let go. */
  refusedFrames: 100,
  /** What may wait to be sent to a peer that reads slowly. */
  bufferedSize: 1024 * 1024,
  /** A peer that has not answered a ping by the next one is dead. */
  pingInterval: 15_000,
  /** How long a peer may take to answer a closing handshake. */
  closeTimeoutMs: 5_000,
  /** How often the gateway looks after its sockets, their credentials included. */
  sweepInterval: 1_000,
  /** How often what crashed gateways left is removed. */
  tidyInterval: 60_000,
} as const;

/** Close codes (RFC 6455, section 7.4; 4000 and above are this application's own). */
export const closeCodes = {
  policyViolation: 1008,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  credentialsRevoked: 4401,
} as const;
