import { expect, it } from "vitest";
import { describeInterface } from "../interface.ts";

it("opens a departure by a token alone, which stands in no address", () => {
  const { paths = {}, components } = describeInterface("1.0.0").openapi;
  const found = Object.entries(paths).filter(([path]) => path.startsWith("/api/v1/departure"));
  expect(found.map(([path]) => path)).toEqual(["/api/v1/departure", "/api/v1/departure/ledger"]);
  expect(components?.securitySchemes?.DepartureToken).toMatchObject({ type: "http", scheme: "bearer" });
  for (const [path, { get, patch }] of found)
    for (const operation of [get, patch].filter((one) => one !== undefined)) {
      expect(operation.security, path).toEqual([{ DepartureToken: [] }]);
      expect(JSON.stringify(operation.parameters)).not.toMatch(/"in":"(?:query|path)"/);
      expect(Object.keys(operation.responses ?? {})).toEqual(expect.arrayContaining(["200", "401", "404"]));
      expect(operation.responses).not.toHaveProperty("403");
    }
});
