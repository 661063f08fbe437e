/** What stands between Lethe and a working database; each word names one cause. */
export type DatabaseSetupErrorCode =
  | "unsupported_platform"
  | "folder_not_usable"
  | "folder_in_use"
  | "other_major_version"
  | "disk_full"
  | "start_failed"
  | "timed_out"
  | "unreachable"
  | "refused"
  | "unsuitable_pooler"
  | "server_too_old"
  | "newer_database"
  | "migration_failed";

/**
 * The database could not be reached, started or migrated. `message` is written for the operator: it
 * says what happened and what to do; it never holds a password. Tell causes apart by `code`.
 */
export class DatabaseSetupError extends Error {
  override readonly name = "DatabaseSetupError";
  readonly code: DatabaseSetupErrorCode;

  constructor(code: DatabaseSetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
