import type { Finding } from '../model/plan';
import { wrapLines } from './wrap-lines';

/** Refusals or warnings as readable lines of at most 100 columns: what is the matter, what to do, and the code to look up. */
export function describeFindings(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ code, message, remedy }, index) => {
    const bullet = `  ${index + 1}. `;
    const indent = ' '.repeat(bullet.length);
    return [...wrapLines(message, bullet), ...wrapLines(remedy, `${indent}-> `), `${indent}   ${code}`];
  });
}
