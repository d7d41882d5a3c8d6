// The answer of constraint-report, as the view shows it.
export function read_report(answer) {
  return answer;
}
