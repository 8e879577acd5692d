import { expect, it } from 'vitest';
import { describeProblem, problemAt, writePath } from '../../src/model/input-problem';

it('paths are written as JavaScript would', () => {
  expect(writePath(['a', 0, 'b', 'host-1.example.com', 'my "x"'])).toBe('a[0].b["host-1.example.com"]["my \\"x\\""]');
});

it('a problem is one line, without what is not known of its place', () => {
  const place = () => ({ line: 3, column: 5 });
  expect(describeProblem(problemAt(['a', 'b'], 'is missing', place), 'vta.yaml')).toBe('vta.yaml:3:5: a.b: is missing');
  expect(describeProblem(problemAt(['a', 'b'], 'is missing'))).toBe('a.b: is missing');
  expect(describeProblem(problemAt([], 'is empty'), 'vta.yaml')).toBe('vta.yaml: is empty');
});
