import { running } from "@/server/running.ts";

/** Whether this process has the demo tenant. For server components. */
export function isDemoOffered(): boolean {
  return running()?.services.demo ?? false;
}
