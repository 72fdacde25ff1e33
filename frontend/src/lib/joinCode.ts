const form = /^[0-9a-z]{4}(-[0-9a-z]{4}){4}$/;

/** The code in what someone typed or pasted: the code itself, or a link that ends in it. Nothing else is one. */
export function joinCode(text: string): string | undefined {
  const last = text
    .trim()
    .toLowerCase()
    .split(/[?#]/)[0]
    ?.split("/")
    .findLast((part) => part !== "");
  return last !== undefined && form.test(last) ? last : undefined;
}
