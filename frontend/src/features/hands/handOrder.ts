interface Person {
  attributes: Readonly<Record<string, string>>;
}

/** When someone raised their hand, in seconds since 1970; undefined while it is down. */
export function handRaisedAt(attributes: Readonly<Record<string, string>>): number | undefined {
  const text = attributes["handRaisedAt"];
  const time = text ? Number(text) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** Those whose hand is up: who raised it first comes first. */
export function raisedHands<P extends Person>(people: readonly P[]): P[] {
  return people
    .map((person) => ({ person, at: handRaisedAt(person.attributes) }))
    .filter((each): each is { person: P; at: number } => each.at !== undefined)
    .toSorted((a, b) => a.at - b.at)
    .map(({ person }) => person);
}

/** People as a list shows them: raised hands in their order, then oneself, then the others by name. */
export function inOrder<P extends Person & { isLocal: boolean; name?: string | undefined }>(
  people: readonly P[],
  locale: string,
): P[] {
  const hands = raisedHands(people);
  const byName = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  const others = people
    .filter((person) => !hands.includes(person))
    .toSorted((a, b) => Number(b.isLocal) - Number(a.isLocal) || byName.compare(a.name ?? "", b.name ?? ""));
  return [...hands, ...others];
}
