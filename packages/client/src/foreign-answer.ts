/** An answer that is not the API's: a proxy's error page, for example. It keeps the response for its status and headers. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  readonly response: Response;

  constructor(response: Response) {
    super(`HTTP ${response.status} without JSON`);
    this.response = response;
  }
}
