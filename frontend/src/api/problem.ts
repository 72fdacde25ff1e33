import type { Problem } from "./schema";

/** A problem as the API describes it (RFC 9457). Its texts are written for the person who reads them. */
export class ProblemError extends Error {
  readonly status: number;
  /** Stable, for decisions. */
  readonly code: string;
  readonly detail: string;
  readonly fields: NonNullable<Problem["errors"]>;
  /** Seconds to wait, when the server said so. */
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, body: Partial<Problem>, headers: Headers) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = "ProblemError";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.detail = this.message;
    this.fields = body.errors ?? [];
    const retryAfter = Number(headers.get("Retry-After") ?? Number.NaN);
    this.retryAfter = Number.isFinite(retryAfter) ? retryAfter : undefined;
    this.requestId = headers.get("X-Request-Id") ?? undefined;
  }

  static async from(response: Response): Promise<ProblemError> {
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => ({}));
    return new ProblemError(response.status, isObject(body) ? body : {}, response.headers);
  }
}

/** The server could not be reached at all. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "UnreachableError";
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ProblemError && codes.includes(error.code);
}

function isObject(value: unknown): value is Partial<Problem> {
  return typeof value === "object" && value !== null;
}
