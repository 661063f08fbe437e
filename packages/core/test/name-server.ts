import { createSocket } from "node:dgram";
import { getServers, setServers } from "node:dns";
import { once } from "node:events";
import { onTestFinished } from "vitest";

const headerBytes = 12;
const typeA = 1;
const nameError = 3;

/**
 * A DNS server (RFC 1035) on the loopback that this process asks until the end of the test: it knows the
 * IPv4 addresses of some names. `asked` are the names whose addresses were asked for.
 *
 * @param later what every name leads to from the second question on
 */
export async function startNameServer(
  names: Record<string, string[]>,
  { later }: { later?: string[] } = {},
): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, client) => {
    const { name, type, end } = readQuestion(query);
    const known = names[name];
    const addresses = type === typeA ? ((asked.includes(name) ? later : undefined) ?? known ?? []) : [];
    if (type === typeA) asked.push(name);
    const header = Buffer.from(query.subarray(0, headerBytes));
    header.writeUInt16BE(0x8180 | (known ? 0 : nameError), 2);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(
      Buffer.concat([header, query.subarray(headerBytes, end), ...addresses.map(answer)]),
      client.port,
      client.address,
    );
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const before = getServers();
  setServers([`127.0.0.1:${socket.address().port}`]);
  onTestFinished(() => {
    setServers(before);
    socket.close();
  });
  return { asked };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("ascii", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** An address of the name in the question, good for no time at all. */
function answer(address: string): Buffer {
  const record = Buffer.from([0xc0, headerBytes, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4]);
  return Buffer.concat([record, Buffer.from(address.split(".").map(Number))]);
}
