import { handleRequest } from "../../../server/service-registry.ts";

/** Nothing of the API may be answered from a cache or at build time. */
export const dynamic = "force-dynamic";

export {
  handleRequest as DELETE,
  handleRequest as GET,
  handleRequest as HEAD,
  handleRequest as OPTIONS,
  handleRequest as PATCH,
  handleRequest as POST,
  handleRequest as PUT,
};
