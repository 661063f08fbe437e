"use client";

import { useEffect, useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { SecretDialog } from "@/components/secret-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { Failure, Field, valuesOf } from "@/features/session/form-parts.tsx";
import { changeSession } from "@/features/session/own-session.tsx";
import { useAttempt } from "@/features/session/password-form.tsx";
import { ask, tell } from "@/features/session/session-request.ts";

type Made = { totp_uri: string; backup_codes: string[] };
type Step = "closed" | "on" | "off" | "codes";

/**
 * Turns the second factor on and off, and makes new backup codes. Each asks for the password.
 *
 * @param onDone called once codes that were shown have been kept
 */
export function SecondFactor({ isOn: wasOn, onDone }: { isOn: boolean; onDone?: () => void }) {
  const [isOn, setIsOn] = useState(wasOn);
  const [step, setStep] = useState<Step>("closed");
  const [made, setMade] = useState<Made | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => {
    setStep("closed");
    setMade(null);
  };
  const titles: Record<Step, string> = {
    closed: "",
    on: "Turn on the second factor",
    off: "Turn off the second factor",
    codes: "New backup codes",
  };
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl border bg-card p-4">
      <p className="min-w-0 flex-1 basis-40 text-sm">{isOn ? "It is on." : "It is off."}</p>
      {isOn ? (
        <>
          <Button size="sm" onClick={() => setStep("codes")}>
            New backup codes…
          </Button>
          <Button size="sm" onClick={() => setStep("off")} variant="outline-danger">
            Turn off…
          </Button>
        </>
      ) : (
        <Button size="sm" variant="primary" onClick={() => setStep("on")}>
          Turn on…
        </Button>
      )}
      <Dialog open={step !== "closed"} onOpenChange={(open) => !open && close()}>
        <DialogContent title={titles[step]}>
          {made ? (
            <Confirm
              made={made}
              onConfirmed={() => {
                setIsOn(true);
                close();
                setCodes(made.backup_codes);
                toasts.add({ title: "The second factor is on" });
              }}
            />
          ) : (
            <Password
              key={step}
              step={step}
              onMade={setMade}
              onCodes={(made) => {
                close();
                setCodes(made);
              }}
              onOff={() => {
                setIsOn(false);
                toasts.add({ title: "The second factor is off" });
                close();
              }}
            />
          )}
        </DialogContent>
      </Dialog>
      <SecretDialog
        title="Backup codes"
        description="Each opens your account once in the place of a code of your app. Keep them where you find them without your phone."
        copyLabel="Copy backup codes"
        secret={codes?.join("  ") ?? null}
        onDone={() => {
          setCodes(null);
          onDone?.();
        }}
      />
    </div>
  );
}

type PasswordProps = {
  step: Step;
  onMade: (made: Made) => void;
  onCodes: (codes: string[]) => void;
  onOff: () => void;
};

/** Asks for the password, and does what the step is for. */
function Password({ step, onMade, onCodes, onOff }: PasswordProps) {
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const body = { password: valuesOf(form).password };
    const request = { method: "POST", body } as const;
    if (step === "off") {
      const refused = await changeSession(() => tell("/api/auth/two-factor/disable", request), {
        stays: true,
      });
      if (refused === null) onOff();
      return refused;
    }
    if (step === "codes") {
      const { data, failure } = await ask(
        "/api/auth/two-factor/generate-backup-codes",
        request,
        (all) => all.backupCodesSchema,
      );
      if (data) onCodes(data.backup_codes);
      return failure ?? null;
    }
    const { data, failure } = await ask(
      "/api/auth/two-factor/enable",
      request,
      (all) => all.newSecondFactorSchema,
    );
    if (data) onMade(data);
    return failure ?? null;
  });
  return (
    <form onSubmit={submit} noValidate className="mt-4">
      <Field label="Your password" name="password" type="password" autoComplete="current-password" />
      <Failure failure={failure} />
      <div className="mt-4 flex justify-end">
        <Button type="submit" variant={step === "off" ? "danger" : "primary"} disabled={isBusy}>
          {step === "off" ? "Turn off" : "Go on"}
        </Button>
      </div>
    </form>
  );
}

/** Shows what an app has to be told, and has it prove that it was. */
function Confirm({ made, onConfirmed }: { made: Made; onConfirmed: () => void }) {
  const secret = new URL(made.totp_uri).searchParams.get("secret") ?? "";
  const { submit, isBusy, failure } = useAttempt(async (form) => {
    const body = { code: valuesOf(form).code ?? "" };
    const request = { method: "POST", body } as const;
    const refused = await changeSession(() => tell("/api/auth/two-factor/verify-totp", request), {
      stays: true,
    });
    if (refused === null) onConfirmed();
    return refused;
  });
  return (
    <form onSubmit={submit} noValidate className="mt-4">
      <p className="text-pretty text-sm">
        Read this with your authenticator app, or type the secret into it.
      </p>
      <QrCode text={made.totp_uri} />
      <p className="mb-4 flex items-start gap-1 rounded-lg border bg-shore p-3">
        <code className="min-w-0 flex-1 break-all font-mono text-[0.8125rem] leading-6">{secret}</code>
        <CopyButton text={secret} label="Copy secret" className="size-7!" />
      </p>
      <Field
        label="Code that the app shows"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        className="mt-1.5 font-mono"
      />
      <Failure failure={failure} />
      <div className="mt-4 flex justify-end">
        <Button type="submit" variant="primary" disabled={isBusy}>
          Turn on
        </Button>
      </div>
    </form>
  );
}

/** A text as a QR code, black on white in both themes: cameras want it so. */
function QrCode({ text }: { text: string }) {
  const [cells, setCells] = useState<boolean[][] | null>(null);
  useEffect(() => {
    void import("uqr").then(({ encode }) => setCells(encode(text, { border: 2 }).data));
  }, [text]);
  const size = cells?.length ?? 1;
  const path = (cells ?? []).flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg
      role="img"
      aria-label="QR code for an authenticator app"
      viewBox={`0 0 ${size} ${size}`}
      className="mx-auto my-4 size-44 rounded-lg bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path.join("")} fill="black" />
    </svg>
  );
}
