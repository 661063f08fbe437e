import { type Check, failed, ok } from "./check.ts";

const oldest = { major: 22, minor: 18 };

/** Whether this Node runs TypeScript files as they are. */
export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) {
    return ok("node", `Node ${version} at ${process.execPath}`);
  }
  return failed(
    "node",
    `Node ${version} is too old.`,
    `Use Node ${oldest.major}.${oldest.minor} or newer; \`npx -y pnpm@12.21.0 lethe\` brings one along on Linux.`,
  );
}
