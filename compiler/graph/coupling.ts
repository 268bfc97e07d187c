import { type AxisTable, BATCH } from './axes.js';
import { type Node, reachable } from './graph.js';

/** Whether any item's value depends on another item. */
export const couplesItems = (axes: AxisTable, value: Node): boolean =>
  reachable([value]).some((node) => {
    if (node.op === 'rename') return axes.get(31 - Math.clz32(node.axis)).root === 0;
    return node.op !== 'index' && node.op !== 'size' && (node.axis & BATCH) !== 0;
  });
