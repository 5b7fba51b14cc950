/** An element with its attributes and what stands in it. Text is text: nothing that came in is ever markup. */
type Child = Node | string | undefined | false;

export function el(name: string, attributes: Record<string, string | number | undefined> = {}, ...children: Child[]): HTMLElement {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name: string, attributes: Record<string, string | number | undefined> = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Record<string, string | number | undefined>, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

export function show(...children: Child[]): void {
  document.querySelector('main')?.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
}
