import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

/** Where the files of `deploy/` have Lethe, and a Node on the path as an image has one. */
const sandbox = `
set -e
mount -t tmpfs tmpfs /opt
mkdir -p /opt/lethe /opt/bin
touch /opt/bin/node
mount --bind "$1" /opt/lethe
mount --bind "$2" /opt/bin/node
mount -o remount,bind,ro /opt/lethe
mount -o remount,ro /opt
mount -o remount,bind,ro /
if [ "$3" = own ]; then mount -t tmpfs tmpfs /tmp; fi
shift 3
cd /opt/lethe
export PATH=/opt/bin:/usr/bin:/bin
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"`;

/**
 * What runs a command as a user who owns nothing, on a file system that is read-only from the root, with this checkout, or
 * another folder, as /opt/lethe. Only root can.
 *
 * @param tmp whether it has a /tmp of its own
 */
export const asAnotherUser = (
  command: string[],
  { tmp = "read-only", folder = checkout }: { tmp?: "own" | "read-only"; folder?: string } = {},
): [string, string[]] => [
  "unshare",
  ["--mount", "sh", "-c", sandbox, "sh", folder, process.execPath, tmp, ...command],
];
