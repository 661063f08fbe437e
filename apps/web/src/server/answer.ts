import { running } from "./running.ts";

/** Next's entrance to the API: hands a request of a route handler to the one handler for all of it. */
export async function answer(request: Request): Promise<Response> {
  const lethe = running();
  if (!lethe) throw new Error("The services are not running: instrumentation.ts boots them");
  return lethe.api(request);
}
