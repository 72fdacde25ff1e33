import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ProblemError, UnreachableError } from "./problem";
import type { paths } from "./schema";

/** Where the API is: the page's own origin, unless development says otherwise. */
export const apiOrigin = process.env.NEXT_PUBLIC_API_URL ?? "";

const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await ProblemError.from(response);
    return undefined;
  },
  onError({ error }) {
    return new UnreachableError(error);
  },
};

/** Calls the API with the session's cookie. Every answer that is no success is thrown as a {@link ProblemError}. */
export const api = createFetchClient<paths>({ baseUrl: apiOrigin, credentials: "include" });
api.use(problems);

/** The same as hooks of the query cache. */
export const query = createQueryClient(api);

/** The header with which a participant calls about their meeting. */
export function asParticipant(key: string): { headers: { Authorization: string } } {
  return { headers: { Authorization: `Bearer ${key}` } };
}

/** What an answer holds. Whatever is no success was thrown before. */
export function contentOf<Content>({ data }: { data?: Content }): Content {
  if (data === undefined) throw new Error("an answer without content");
  return data;
}
