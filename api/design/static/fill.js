// Fills a part of the page with new values, so that the template that the server uses is the only one there is.
//
//   data-text="when"    the element says values.when; hidden while that is empty
//   data-when="next"    the element is hidden while values.next is empty (null, "", [], false)
//   data-with="next"    inside, names mean those of values.next
//   data-each="later"   one copy of the element's own <template> for each of values.later
//   data-mark="state"   data-value becomes values.state, for the style sheet

const isEmpty = (value) => !value || (Array.isArray(value) && value.length === 0);

/** Fill everything inside `root` that names a value. */
export function fill(root, values) {
  const named = root.querySelectorAll("[data-text], [data-when], [data-mark], [data-with], [data-each]");
  for (const element of [...named].filter((one) => isOwn(root, one))) fillOne(element, values);
}

// What stands inside another data-with or data-each is filled with that one's values.
function isOwn(root, element) {
  const scope = element.parentElement.closest("[data-with], [data-each]");
  return scope === null || scope.contains(root);
}

function fillOne(element, values) {
  const { text, when, mark, with: scope, each } = element.dataset;
  if (text !== undefined) {
    const said = values[text] ?? "";
    if (element.textContent !== said) element.textContent = said;
    element.hidden = said === "";
  }
  if (when !== undefined) element.hidden = isEmpty(values[when]);
  if (mark !== undefined) element.dataset.value = values[mark] ?? "";
  if (scope !== undefined && values[scope]) fill(element, values[scope]);
  if (each !== undefined) fillList(element, values[each] ?? []);
}

function fillList(list, items) {
  const template = list.querySelector(":scope > template");
  const made = items.map((item) => {
    const copy = template.content.firstElementChild.cloneNode(true);
    fillOne(copy, item);
    fill(copy, item);
    return copy;
  });
  list.replaceChildren(template, ...made);
}
