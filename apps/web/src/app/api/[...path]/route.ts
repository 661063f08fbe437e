import { answer } from "../../../server/answer.ts";

/** Nothing of the API may be answered from a cache or at build time. */
export const dynamic = "force-dynamic";

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
