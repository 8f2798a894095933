// Sends something that changes something, with the session's token.

/**
 * @param {string} path
 * @param {any} body sent as JSON; undefined for none
 * @param {string} [method]
 * @param {Record<string, string>} [more] further headers
 * @returns {Promise<any>} the reply's JSON, or null when it has none
 * @throws {Problem} when the server says no, or cannot be reached (status 0)
 */
export async function send(path, body, method = "POST", more = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf"]').content, ...more };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  let told;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const isJson = reply.status !== 204 && (reply.headers.get("Content-Type") ?? "").includes("json");
    told = isJson ? await reply.json() : null; // the line may break in the middle of an answer, too
  } catch {
    throw new Problem({ status: 0, code: "offline", title: "", detail: "" });
  }
  if (!reply.ok) throw new Problem(told ?? { status: reply.status, code: "unknown", title: "", detail: "" });
  return told;
}

/** What the server answered instead: RFC 9457's fields. `detail` is in the reader's language. */
export class Problem extends Error {
  constructor({ status, code, title, detail, errors = [] }) {
    super(detail || title || code);
    Object.assign(this, { status, code, title, detail, errors });
  }
}
