/** Nine digits and the check digit of the National Provider Identifier: Luhn over 80840 and the nine (45 CFR 162.406). */
export function npiOf(nine: string): string {
  const sum = [...`80840${nine}`].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${nine}${(10 - (sum % 10)) % 10}`;
}
