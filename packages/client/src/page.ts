// For the pages that Lethe serves itself, which its session cookie signs in. Not a part of the published package.
import { type LetheClient, makeClient } from "./make-client.ts";

/** Makes the client of a page of Lethe. */
export const createPageClient = (): LetheClient => makeClient({ url: "" });
