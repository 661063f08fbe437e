import { RateLimiterClusterMaster } from "rate-limiter-flexible";

/**
 * Lets this process, the primary of a cluster, count the calls that its workers tell it of. Call it before the
 * first worker starts.
 */
export function countForWorkers(): void {
  new RateLimiterClusterMaster();
}
