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

function pathOf(element: Element): string {
  const parent = element.parentNode;
  const isElement = parent !== null && parent.nodeType === parent.ELEMENT_NODE;
  const own = element.getAttribute('id') === null ? '' : `[${element.getAttribute('id') ?? ''}]`;
  const name = `${nameOf(element)}${own}`;
  return isElement && 'localName' in parent ? `${pathOf(Object(parent))}/${name}` : name;
}
