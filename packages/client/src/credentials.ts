/** A short-lived token, as `POST /api/v1/tokens` answers it. */
export type IssuedToken = {
  token: string;
  /** RFC 3339. */
  expires_at: string;
};

/** What signs calls. None of it in a page of Lethe itself, which holds its session cookie. */
export type Credentials = {
  /** An API key. It belongs into programs, never into a page: whoever reads the page has it. */
  apiKey?: string;
  /**
   * The way for a page of another origin: gets a token from the page's own server. It is asked when a call needs one, once for
   * all calls that wait, and again half a minute before the token expires or when it is refused. It may take as long as a call
   * (`timeout`): then it has failed, and the next call asks again. One that answers the token alone keeps it itself: it is asked
   * before each call.
   */
  token?: () => IssuedToken | string | Promise<IssuedToken | string>;
  /** Sent with every call beside what signs it, for example a trace id. */
  headers?: Record<string, string>;
};

/** As `fetch`. */
export type Send = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** Signs what one client sends. */
export type Signer = {
  /**
   * Signs and sends. Refused for its token (401), a call is sent once more with another one. Rejects as `token` does, and with
   * the signal's reason as soon as that is aborted.
   * @param onSigned is told the token that it is sent with
   */
  send: (...call: [...Parameters<Send>, onSigned?: (token: string) => void]) => Promise<Response>;
  /**
   * The token that holds now; undefined where there is none. Rejects as the credentials' `token` does, and with a TimeoutError
   * where that takes too long.
   */
  token: () => Promise<string | undefined>;
  /** The server did not take this one: it is not used again. Another one that is there by now stays. */
  refuse: (token: string) => void;
};
