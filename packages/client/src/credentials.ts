/** What signs calls. Neither in a page of Lethe itself, which holds its session cookie. */
export type Credentials = {
  /** An API key. It belongs into programs, never into a page: whoever reads the page has it. */
  apiKey?: string;
  /**
   * A short-lived token, or what gets one: it is asked before each call, and keeps the token for as long as that is
   * good. The way for a page of another origin.
   */
  token?: string | (() => string | Promise<string>);
  /** Sent with every call beside what signs it, for example a trace id. */
  headers?: Record<string, string>;
};

/** Whether calls carry headers of their own, which a browser's own EventSource cannot send. */
export const hasCredentialHeaders = ({ apiKey, token, headers = {} }: Credentials): boolean =>
  apiKey !== undefined || token !== undefined || Object.keys(headers).length > 0;

/** The headers of one call. Rejects as `token` does. */
export async function credentialHeaders({
  apiKey,
  token,
  headers,
}: Credentials): Promise<Record<string, string>> {
  const signed = typeof token === "function" ? await token() : token;
  return {
    ...headers,
    ...(apiKey && { "x-api-key": apiKey }),
    ...(signed && { authorization: `Bearer ${signed}` }),
  };
}
