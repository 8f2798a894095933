// Sends something that changes something, with the session's token.

/**
 * @param {string} path
 * @param {any} body sent as JSON; undefined for none
 * @param {string} [method]
 * @returns {Promise<any>} the reply's JSON, or null when it has none
 * @throws {Problem} when the server says no, or cannot be reached (status 0)
 */
export async function send(path, body, method = "POST") {
  const headers = { Accept: "application/json", "X-CSRF-Token": document.querySelector('meta[name="csrf"]').content };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem({ status: 0, code: "offline", title: "", detail: "" });
  }
  const isJson = (reply.headers.get("Content-Type") ?? "").includes("json");
  const told = isJson ? await reply.json() : null;
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
