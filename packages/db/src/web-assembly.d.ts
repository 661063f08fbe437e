/** The part of WebAssembly that is used here; Node's own types leave it to those of the browser. */
declare namespace WebAssembly {
  function instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<object>;
}
