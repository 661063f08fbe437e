import { once } from "node:events";
import { createTenant } from "@lethe/core";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addPerson, Browser, signedIn } from "../testing/people.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createMailer } from "./mailer.ts";

type Received = { to: string[]; from: string; text: string };

/** A real mail server of the loopback, which keeps what it is given. */
const received: Received[] = [];
let refuses = false;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: (_address, _session, done) => done(refuses ? new Error("No such box") : undefined),
  onData: (stream, { envelope }, done) => {
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    stream.on("end", () => {
      const { mailFrom, rcptTo } = envelope;
      const unfolded = text.replaceAll("\r\n", "\n").replaceAll("=\n", "").replaceAll("=3D", "=");
      received.push({
        to: rcptTo.map(({ address }) => address),
        from: mailFrom === false ? "" : mailFrom.address,
        text: unfolded,
      });
      done();
    });
  },
});

let api: TestApi;
let tenantId: string;
let owner: Browser;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const mailer = createMailer({
    url: `smtp://127.0.0.1:${port}`,
    from: "Lethe <lethe@example.com>",
    publicUrl: "https://chats.example.com",
  });
  api = await startTestApi(undefined, { mailer });
  ({ tenantId } = await createTenant(api.db, { name: "Acme\r\nBcc: everybody@example.com" }));
  owner = await signedIn(api, await addPerson(api, { tenantId, name: "Ada" }));
});
afterAll(async () => {
  await api.stop();
  const closed = once(server.server, "close");
  server.close();
  await closed;
});

const invite = (email: string) => owner.ask("POST", "/api/trpc/invitation.create", { email, role: "viewer" });
const answered = (body: object) => JSON.parse(JSON.stringify(body)).result.data;

it("an invitation goes to the invited, with the link of the operator's address, and who invites has it too", async () => {
  const { path, mailed } = answered((await invite("new@example.com")).body);
  expect(mailed).toBe(true);
  const [letter] = received.splice(0);
  expect(letter).toMatchObject({ to: ["new@example.com"], from: "lethe@example.com" });
  expect(letter?.text).toContain(`https://chats.example.com${path}`);
  expect(letter?.text).toContain("as viewer");
  const [head = ""] = (letter?.text ?? "").split("\n\n");
  expect(head).toContain("Auto-Submitted: auto-generated");
  expect(head).not.toMatch(/^Bcc:/im);
});

it("an invitation that cannot be mailed is there all the same, and says so", async () => {
  refuses = true;
  const { path, mailed } = answered((await invite("away@example.com")).body);
  refuses = false;
  expect({ path, mailed }).toEqual({ path: expect.stringMatching(/^\/join#/), mailed: false });
  expect(api.logs.some((line) => line.includes("could not be mailed"))).toBe(true);
  expect(received).toEqual([]);
});

it("who has forgotten their password is sent a link, once in five minutes, and nobody else is told anything", async () => {
  const { email } = await addPerson(api, { tenantId });
  const browser = new Browser(api);
  const forget = (address: string, headers = {}) =>
    browser.ask("POST", "/api/password/forgotten", { email: address }, headers);
  expect((await forget(email, { Origin: "https://elsewhere.example" })).status).toBe(403);
  const answers = [
    await forget("nobody@example.com"),
    await forget(email.toUpperCase()),
    await forget(email),
  ];
  expect(answers.map(({ status, text }) => ({ status, text }))).toEqual(
    answers.map(() => ({ status: 202, text: "" })),
  );
  await expect.poll(() => received.length).toBe(1);
  const [letter] = received.splice(0);
  expect(letter?.to).toEqual([email]);
  const token = /https:\/\/chats\.example\.com\/reset#(\S+)/.exec(letter?.text ?? "")?.[1];
  const password = "four words without relation";
  expect((await browser.ask("POST", "/api/password/reset", { token, password })).status).toBe(204);
  expect((await browser.signIn(email, password)).status).toBe(200);
  expect(received).toEqual([]);
});

it("a server without mail says whom to ask", async () => {
  const silent = await startTestApi();
  const answer = await new Browser(silent).ask("POST", "/api/password/forgotten", { email: "a@example.com" });
  expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining("sends no mail") } });
  await silent.stop();
});
