/** Elements of an XML document, and where they stand. */
import type { Element } from '@xmldom/xmldom';
import type { Fault } from './faults.ts';

export function childrenOf(element: Element): readonly Element[] {
  return [...element.childNodes].filter((node): node is Element => node.nodeType === node.ELEMENT_NODE);
}

export function childNamed(element: Element, name: string): Element | null {
  return childrenOf(element).find((child) => nameOf(child) === name) ?? null;
}

/** All below an element, in the order of the document; `*` for every name. */
export function elementsIn(element: Element, name: string): readonly Element[] {
  return [...element.getElementsByTagNameNS('*', name)];
}

export function nameOf(element: Element): string {
  return element.localName ?? element.nodeName;
}

export function faultAt(element: Element, reason: string): Fault {
  return { element: `${pathOf(element)} (line ${element.lineNumber ?? '?'})`, reason };
}

/** The element around another one; `null` for the root. */
export function parentOf(element: Element): Element | null {
  const parent = element.parentNode;
  return parent !== null && parent.nodeType === parent.ELEMENT_NODE ? Object(parent) : null;
}

/** The nearest element of a name around another one. */
export function closest(element: Element, name: string): Element | null {
  const parent = parentOf(element);
  return parent === null || nameOf(parent) === name ? parent : closest(parent, name);
}

function pathOf(element: Element): string {
  const parent = parentOf(element);
  const own = element.getAttribute('id') === null ? '' : `[${element.getAttribute('id') ?? ''}]`;
  const name = `${nameOf(element)}${own}`;
  return parent === null ? name : `${pathOf(parent)}/${name}`;
}
