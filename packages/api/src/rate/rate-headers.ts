import { type Standing, windowSeconds } from "./rate-limiter.ts";

/** The one policy that there is. */
const policy = '"default"';

/** The limit, and where a caller stands (draft-ietf-httpapi-ratelimit-headers-11). */
export const rateHeaders = ({ limit, remaining, resetSeconds }: Standing): Record<string, string> => ({
  "RateLimit-Policy": `${policy};q=${limit};w=${windowSeconds}`,
  RateLimit: `${policy};r=${remaining};t=${resetSeconds}`,
});
