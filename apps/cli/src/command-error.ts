import { exitCodes } from "./exit-codes.ts";

/** A command could not do what it was asked to. The message is written for the operator: what happened and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
